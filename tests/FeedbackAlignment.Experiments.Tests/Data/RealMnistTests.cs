using System.Runtime.CompilerServices;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Tests.Data;

/// <summary>On the real files, where they are: in <c>FA_DATA</c>, or beside the repository in <c>shared/data</c>.</summary>
public sealed class RealMnistTests
{
    [Fact]
    public void MnistHasItsSizesAndItsFirstTestDigitIsA7()
    {
        var folder = DataFolder();
        Assert.SkipUnless(Directory.Exists(Path.Combine(folder, "mnist")), $"MNIST is not in {folder}; set FA_DATA to the folder that holds `mnist`");

        var (split, record, _, _) = new DataSources(folder).Load(new DataSpec { Source = "mnist" });

        Assert.Equal((55000, 5000, 10000), (record.Train, record.Validation, record.Test));
        Assert.Equal((784, 10), (record.Inputs, record.Outputs));
        Assert.Equal([7, 2, 1, 0, 4], split.Test.Labels!.Take(5));
        Assert.Equal(new ImageShape(28, 28), split.Test.Image);
        // The known mean gray of the 60,000 training pictures is 0.1307.
        Assert.Equal(0.1307, (Sum(split.Train) + Sum(split.Validation)) / (60000.0 * 784), 0.0001);
    }

    private static double Sum(DataSet examples)
    {
        var sum = 0.0;
        for (var example = 0; example < examples.Count; example++)
        {
            foreach (var pixel in examples.Inputs.Row(example))
            {
                sum += pixel;
            }
        }

        return sum;
    }

    private static string DataFolder([CallerFilePath] string here = "")
        => Environment.GetEnvironmentVariable(DataDirectory.Variable) is { Length: > 0 } set
            ? set
            : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "..", "shared", "data"));
}
