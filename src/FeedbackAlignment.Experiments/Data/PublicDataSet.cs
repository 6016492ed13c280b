using System.Security.Cryptography;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>How a published file is told from others.</summary>
public enum FingerprintKind
{
    /// <summary>SHA-256 of the uncompressed content: holds however the file was packed.</summary>
    ContentSha256,

    /// <summary>MD5 of the packed file, where its publisher gives no other: holds for the downloaded file only.</summary>
    PackedMd5,
}

/// <summary>A published file.</summary>
/// <param name="Name">Its name, without <c>.gz</c>.</param>
/// <param name="Fingerprint">The published hash, lower-case hexadecimal.</param>
public sealed record PublicFile(string Name, string Fingerprint)
{
    /// <summary>Its name as it is published.</summary>
    public string PackedName => Name + ".gz";
}

/// <summary>A data set with public homes: ten classes of 28 × 28 pictures in four gzip IDX files.</summary>
/// <param name="Id">Its name in specs and on the command line, and of its subfolder in the data folder.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="FingerprintKind">What the fingerprints are of.</param>
/// <param name="TrainImages">Training pictures.</param>
/// <param name="TrainLabels">Training labels.</param>
/// <param name="TestImages">Test pictures.</param>
/// <param name="TestLabels">Test labels.</param>
/// <param name="Homes">Addresses that file names are put behind, in the order to be tried.</param>
public sealed record PublicDataSet(
    string Id,
    string Title,
    FingerprintKind FingerprintKind,
    PublicFile TrainImages,
    PublicFile TrainLabels,
    PublicFile TestImages,
    PublicFile TestLabels,
    IReadOnlyList<Uri> Homes)
{
    /// <summary>Number of classes.</summary>
    public const int Classes = 10;

    /// <summary>LeCun, Cortes and Burges: 70,000 handwritten digits.</summary>
    public static PublicDataSet Mnist { get; } = new(
        DataSourceIds.Mnist,
        "MNIST",
        FingerprintKind.ContentSha256,
        new("train-images-idx3-ubyte", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
        new("train-labels-idx1-ubyte", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
        new("t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
        new("t10k-labels-idx1-ubyte", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
        [new("https://ossci-datasets.s3.amazonaws.com/mnist/"), new("https://storage.googleapis.com/cvdf-datasets/mnist/")]);

    /// <summary>Xiao, Rasul and Vollgraf (Zalando): 70,000 pictures of clothes. Its publisher gives MD5 of the packed files.</summary>
    public static PublicDataSet FashionMnist { get; } = new(
        DataSourceIds.FashionMnist,
        "Fashion-MNIST",
        FingerprintKind.PackedMd5,
        new("train-images-idx3-ubyte", "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
        new("train-labels-idx1-ubyte", "25c81989df183df01b3e8a0aad5dffbe"),
        new("t10k-images-idx3-ubyte", "bef4ecab320f06d8554ea6380940ec79"),
        new("t10k-labels-idx1-ubyte", "bb300cfdad3c16e7a12a480ee83cd310"),
        [new("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"), new("https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/")]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PublicDataSet> All { get; } = [Mnist, FashionMnist];

    /// <summary>The four files.</summary>
    public IReadOnlyList<PublicFile> Files => [TrainImages, TrainLabels, TestImages, TestLabels];

    /// <summary>The hash of a file, of the kind that this data set publishes.</summary>
    /// <param name="stream">The packed file.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <exception cref="DataFormatException">The content is wanted and the gzip data are damaged.</exception>
    internal string FingerprintOf(Stream stream, string source)
    {
        if (FingerprintKind == FingerprintKind.ContentSha256)
        {
            return ContentHash.Sha256(stream, source);
        }

#pragma warning disable CA5351 // The publisher gives MD5 only; it guards against damage, not against malice.
        return Convert.ToHexStringLower(MD5.HashData(stream));
#pragma warning restore CA5351
    }
}
