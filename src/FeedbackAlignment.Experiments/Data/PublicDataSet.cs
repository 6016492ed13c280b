using System.Security.Cryptography;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>How a published file is told from others.</summary>
public enum FingerprintKind
{
    /// <summary>SHA-256 of the uncompressed content: holds however the file was packed.</summary>
    ContentSha256,

    /// <summary>SHA-256 of the packed file, where what is in it is checked by itself when it is read.</summary>
    PackedSha256,
}

/// <summary>A published file.</summary>
/// <param name="Name">Its name, without <c>.gz</c>.</param>
/// <param name="Fingerprint">The published hash, lower-case hexadecimal.</param>
/// <param name="MostBytes">The packed file has at most so many bytes: a server that sends more does not send this file.</param>
public sealed record PublicFile(string Name, string Fingerprint, long MostBytes)
{
    /// <summary>Its name as it is published.</summary>
    public string PackedName => Name + ".gz";
}

/// <summary>A data set with public homes: images of ten classes.</summary>
/// <param name="Id">Its name in specs and on the command line, and of its subfolder in the data folder.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Content">What it shows, for people.</param>
/// <param name="FingerprintKind">What the fingerprints are of.</param>
/// <param name="Files">
/// The files as they are published: four of IDX (training images and labels, test images and labels), or one archive of CIFAR's binary
/// layout.
/// </param>
/// <param name="Homes">Addresses that file names are put behind, in the order to be tried.</param>
public sealed record PublicDataSet(string Id, string Title, string Content, FingerprintKind FingerprintKind, IReadOnlyList<PublicFile> Files, IReadOnlyList<Uri> Homes)
{
    /// <summary>Number of classes.</summary>
    public const int Classes = 10;

    /// <summary>Packed files may be a little longer than their content, and no longer.</summary>
    private const long MostOfImages = 48_000_000, MostOfLabels = 70_000, MostOfArchive = 180_000_000;

    /// <summary>LeCun, Cortes and Burges: 70,000 handwritten digits.</summary>
    public static PublicDataSet Mnist { get; } = new(
        DataSourceIds.Mnist,
        "MNIST",
        "handwritten digits, 28×28, 60000 + 10000",
        FingerprintKind.ContentSha256,
        [
            new("train-images-idx3-ubyte", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db", MostOfImages),
            new("train-labels-idx1-ubyte", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5", MostOfLabels),
            new("t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7", MostOfImages),
            new("t10k-labels-idx1-ubyte", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2", MostOfLabels),
        ],
        [new("https://ossci-datasets.s3.amazonaws.com/mnist/"), new("https://storage.googleapis.com/cvdf-datasets/mnist/")]);

    /// <summary>Xiao, Rasul and Vollgraf (Zalando): 70,000 pictures of clothes.</summary>
    public static PublicDataSet FashionMnist { get; } = new(
        DataSourceIds.FashionMnist,
        "Fashion-MNIST",
        "clothes, 28×28, 10 classes, 60000 + 10000",
        FingerprintKind.ContentSha256,
        [
            new("train-images-idx3-ubyte", "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888", MostOfImages),
            new("train-labels-idx1-ubyte", "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9", MostOfLabels),
            new("t10k-images-idx3-ubyte", "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b", MostOfImages),
            new("t10k-labels-idx1-ubyte", "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34", MostOfLabels),
        ],
        [new("https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
            new("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/")]);

    /// <summary>
    /// Krizhevsky, Nair and Hinton: 60,000 color pictures of animals and vehicles. Its publisher gives MD5
    /// c32a1d4ab5d03f1284b67883e8d87530, of the same archive.
    /// </summary>
    public static PublicDataSet Cifar10 { get; } = new(
        DataSourceIds.Cifar10,
        "CIFAR-10",
        "animals and vehicles in color, 32×32×3, 10 classes, 50000 + 10000",
        FingerprintKind.PackedSha256,
        [new("cifar-10-binary.tar", "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd", MostOfArchive)],
        [new("https://www.cs.toronto.edu/~kriz/")]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PublicDataSet> All { get; } = [Mnist, FashionMnist, Cifar10];

    /// <summary>The data set is in its subfolder: packed or not. Whether the files are right shows when they are read.</summary>
    /// <param name="directory">The data folder.</param>
    public bool IsIn(string directory)
    {
        var folder = Path.Combine(directory, Id);
        return Files.All(file => SourceFiles.Find(folder, file.Name) is not null) || (this == Cifar10 && CifarFiles.IsAt(folder));
    }

    /// <summary>The hash of a file, of the kind that this data set publishes.</summary>
    /// <param name="stream">The packed file.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <exception cref="DataFormatException">The content is wanted and the gzip data are damaged.</exception>
    internal string FingerprintOf(Stream stream, string source) => FingerprintKind switch
    {
        FingerprintKind.ContentSha256 => ContentHash.Sha256(stream, source),
        _ => Convert.ToHexStringLower(SHA256.HashData(stream)),
    };
}
