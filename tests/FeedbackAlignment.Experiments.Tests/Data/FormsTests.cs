using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Testing;
using FeedbackAlignment.Testing.Forms;

namespace FeedbackAlignment.Experiments.Tests.Data;

/// <summary>The same content in two forms; ten thousand of them, and all of MNIST: tests/FeedbackAlignment.Forms.</summary>
public sealed class FormsTests
{
    [Fact]
    public void TwoFormsOfAContentGiveTheSameBitsOrARefusal()
    {
        using var folder = new TemporaryFolder();
        var forms = new FormsCheck(folder.Path);
        var same = Enumerable.Range(0, 400).Count(number => forms.Try(seed: 1, number).Outcome == FormsOutcome.Same);
        Assert.InRange(same, 200, 400);
    }

    [Fact]
    public void RealDigitsGiveTheSameErrorInEveryForm()
    {
        var mnist = Path.Combine(Environment.GetEnvironmentVariable(DataDirectory.Variable) is { Length: > 0 } set ? set : Path.Combine(Repository.Root, "..", "shared", "data"), "mnist");
        Assert.SkipUnless(Directory.Exists(mnist), $"MNIST is not in {mnist}; set FA_DATA to the folder that holds `mnist`");

        var (training, tests) = (Digits.Read(mnist, "train", 2000), Digits.Read(mnist, "t10k", 500));
        (LoadedData Data, double Error)? first = null;
        foreach (var form in DigitForms.All)
        {
            using var folder = new TemporaryFolder();
            var place = Directory.CreateDirectory(Path.Combine(folder.Path, "data")).FullName;
            form.Write(place, training, tests);
            var result = DigitForms.Train(form, place, Path.Combine(folder.Path, "run"));
            first ??= result;

            Assert.Equal(first.Value.Error, result.Error);
            Assert.Null(FormsCheck.Difference($"{form.Name}: inputs", first.Value.Data.Split.Train.Inputs, result.Data.Split.Train.Inputs));
            Assert.Null(FormsCheck.Difference($"{form.Name}: test inputs", first.Value.Data.Split.Test.Inputs, result.Data.Split.Test.Inputs));
        }
    }
}
