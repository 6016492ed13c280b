using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Data.Images;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Experiments.Tests.Data.Images;

/// <summary>On real images, where they are: in <c>FA_DATA</c>, or beside the repository in <c>shared/data</c>.</summary>
public sealed class RealImagesTests
{
    private static readonly string _data = Environment.GetEnvironmentVariable(DataDirectory.Variable) is { Length: > 0 } set ? set
        : Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "data"));

    [Fact]
    public void MnistInPngFilesIsMnistToTheBit()
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(_data, "mnist")), $"MNIST is not in {_data}");
        using var folder = new TemporaryFolder();
        var mnist = PublicFiles.Load(PublicDataSet.Mnist, _data);
        var (train, test) = (mnist.Training.Slice(0, 2000), mnist.Test!.Slice(0, 500));
        Write(folder, "train", train);
        Write(folder, "test", test);

        var read = ImageFolder.Load(folder.Path, resize: null);

        Assert.Equal(train.Labels, read.Training.Labels);
        Assert.Equal(test.Labels, read.Test!.Labels);
        Assert.Equal(train.Image, read.Training.Image);
        RequireSame(train.Inputs, read.Training.Inputs);
        RequireSame(test.Inputs, read.Test.Inputs);
    }

    /// <summary>
    /// The fingerprint is that of the first 1000 records of data_batch_1.bin, which `unpack` writes with Pillow 9.4 (libjpeg-turbo).
    /// </summary>
    [Fact]
    public void AThousandRealJpegFilesHaveThePixelsOfLibjpeg()
    {
        var path = Path.Combine(_data, "cifar-10-jpeg", "images.zip");
        Assert.SkipUnless(File.Exists(path), $"no JPEG copy of CIFAR-10 in {_data}");
        using var zip = ZipFile.OpenRead(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in zip.Entries.Where(entry => entry.FullName.StartsWith("train/", StringComparison.Ordinal) && entry.Length > 0).OrderBy(entry => entry.FullName, StringComparer.Ordinal).Take(1000))
        {
            using var stream = entry.Open();
            var image = ImageDecoder.Read(stream, entry.FullName);
            hash.AppendData([(byte)(entry.Name[^5] - '0')]);
            for (var channel = 0; channel < 3; channel++)
            {
                hash.AppendData([.. Enumerable.Range(0, image.Height * image.Width).Select(pixel => (byte)image.Samples[3 * pixel + channel])]);
            }
        }

        Assert.Equal("288e03b3808e8c016492fe49037facacdea23fd6544069e52360cb893d15236e", Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static void Write(TemporaryFolder folder, string part, DataSet digits)
    {
        for (var example = 0; example < digits.Count; example++)
        {
            byte[] pixels = [.. digits.Inputs.Row(example).ToArray().Select(value => (byte)MathF.Round(255 * value))];
            folder.Write(string.Create(CultureInfo.InvariantCulture, $"{part}/{digits.Labels![example]}/{example:00000}.png"), PngFiles.Stb(28, 28, 1, pixels));
        }
    }

    private static void RequireSame(Matrix expected, Matrix actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        for (var row = 0; row < expected.Rows; row++)
        {
            Assert.True(expected.Row(row).SequenceEqual(actual.Row(row)), $"row {row} differs");
        }
    }
}
