using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports.Tests;

public sealed class ResultNotesTests
{
    private const string Few = "validation examples, so the validation error moves in steps", Scale = "The inputs reach from", Once = "The weights were changed only", None = "no hidden layer", Hides = "one line hides the other";

    [Fact]
    public void AnOrdinaryExperimentSaysOnlyWhatTheTestSetCanShow()
    {
        var note = Assert.Single(Of(Digits()));
        Assert.StartsWith("Because there are 5\u202f000 test examples, an error of 2.00 % is known only to lie between 1.65 % and 2.43 % (95 % interval).", note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, "There are only 10 validation examples, so the validation error moves in steps of 10 %.")]
    [InlineData(1, "There is one validation example, so the validation error moves in steps of 100 %.")]
    [InlineData(99, "There are only 99 validation examples, so the validation error moves in steps of 1.01 %.")]
    [InlineData(100, null)]
    public void FewValidationExamplesAreNoted(int count, string? words)
    {
        var notes = Of(Digits() with { Data = Digits().Data with { Validation = count } });
        Assert.Equal(words, notes.FirstOrDefault(note => note.Contains(Few, StringComparison.Ordinal) || note.Contains("There is one validation", StringComparison.Ordinal))?.Split(" It says")[0]);
    }

    [Theory]
    [InlineData(0.02, 255, "Scaled inputs may give smaller errors")]
    [InlineData(0.9, 255, "The scale of the inputs may be why a rule failed")]
    [InlineData(0.9, 20, null)]
    public void InputsFarFromOneAreNoted(double error, double greatest, string? words)
    {
        var notes = Of(Digits(error) with { Data = Digits().Data with { Baseline = Digits().Data.Baseline! with { GreatestInput = greatest } } });
        Assert.Equal(words is not null, notes.Any(note => note.Contains(Scale, StringComparison.Ordinal)));
        Assert.All(notes.Where(note => note.Contains(Scale, StringComparison.Ordinal)), note => Assert.Contains(words!, note, StringComparison.Ordinal));
    }

    [Fact]
    public void ALossThatEndsHigherThanBeforeTheTrainingIsNoted()
    {
        var experiment = Digits().With(run => run.Rule == "shallow" && run.Seed == 1, run => run with
        {
            Curve = [run.Curve[0] with { Examples = 0, ValidationLoss = 2.3 }, run.Curve[^1] with { ValidationLoss = 46 }],
        });
        var note = Assert.Single(Of(experiment), note => note.StartsWith("The validation loss ended higher", StringComparison.Ordinal));
        Assert.Contains("under shallow learning in 1 of ", note, StringComparison.Ordinal);
        Assert.Contains("(at most 46.0 after 2.30).", note, StringComparison.Ordinal);
        Assert.Contains("weight decay or clipping (optimizer.clipNorm).", note, StringComparison.Ordinal);

        Assert.DoesNotContain(
            Of(experiment.With(_ => true, run => run with { Curve = [run.Curve[0] with { ValidationLoss = 46 }, .. run.Curve.Skip(1)] })),
            note => note.StartsWith("The validation loss ended higher", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("my-data", null, "(--standardize inputs).")]
    [InlineData("my-data", "none", "(--standardize inputs).")]
    [InlineData("my-data", "inputs", "(data.inputScale).")]
    [InlineData("mnist", "none", "(data.inputScale).")]
    public void TheNoteOnFarInputsNamesWhatHelps(string source, string? standardize, string remedy)
    {
        var far = Digits() with { Data = Digits().Data with { Baseline = Digits().Data.Baseline! with { GreatestInput = 255 } } };
        var notes = Of(far with { Spec = far.Spec with { Data = far.Spec.Data with { Source = source, Standardize = standardize } } });
        Assert.EndsWith(remedy, Assert.Single(notes, note => note.StartsWith(Scale, StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void FarInputsMayBeWhyARunDivergedEvenIfTheOthersLearned()
    {
        var experiment = Digits().With(run => run.Rule == "shallow" && run.Seed == 1, SampleExperiment.Diverge);
        var notes = Of(
            experiment with { Data = experiment.Data with { Baseline = experiment.Data.Baseline! with { GreatestInput = 255 } } });
        Assert.Contains("may be why a rule failed", Assert.Single(notes, note => note.Contains(Scale, StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void InputsFarBelowZeroAreNotedToo()
        => Assert.Contains(Of(Digits() with { Data = Digits().Data with { Baseline = Digits().Data.Baseline! with { LeastInput = -3000 } } }), note => note.Contains("from −3000 to 1", StringComparison.Ordinal));

    [Theory]
    [InlineData(100_000, 1, "The weights were changed only once (10\u202f000 examples in batches of 100\u202f000)")]
    [InlineData(1000, 1, "The weights were changed only 10 times")]
    [InlineData(500, 1, null)]
    public void AlmostNoStepsAreNoted(int batch, double epochs, string? words)
    {
        var experiment = Digits().With(_ => true, run => run with { Examples = (long)(10_000 * epochs), Epochs = epochs });
        var notes = Of(experiment with { Spec = experiment.Spec with { Training = experiment.Spec.Training with { BatchSize = batch } } });
        Assert.Equal(words is not null, notes.Any(note => note.Contains(Once, StringComparison.Ordinal)));
        Assert.True(words is null || notes.Any(note => note.StartsWith(words, StringComparison.Ordinal)));
    }

    [Fact]
    public void WithoutAHiddenLayerNothingIsSentBack()
    {
        var experiment = WithLayers(Digits(), "784-10");
        Assert.Contains(
            "This network has no hidden layer, so no error has to be sent back and no random feedback weights are used. Backpropagation, feedback alignment, "
            + "direct feedback alignment and shallow learning are the same rule here.",
            Of(experiment));
        var page = HtmlReport.Render([experiment]);
        Assert.Contains("<strong>has no hidden layer</strong>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("at random once and never change", page, StringComparison.Ordinal);
        Assert.DoesNotContain("fixed random feedback", page, StringComparison.Ordinal);
        Assert.DoesNotContain("random weights", page, StringComparison.Ordinal);
        Assert.DoesNotContain("difference from backpropagation", page, StringComparison.Ordinal);
        Assert.DoesNotContain(None, HtmlReport.Render([Digits()]), StringComparison.Ordinal);
    }

    [Fact]
    public void LinesThatHideEachOtherAreNamed()
    {
        var different = WithLayers(Digits(), "784-30-10");
        Assert.DoesNotContain(Of(different), note => note.Contains(Hides, StringComparison.Ordinal));

        var same = different.With(run => run.Rule == "direct-feedback-alignment", run => different.Runs.Single(other => other.Rule == "feedback-alignment" && other.Seed == run.Seed) with { Rule = run.Rule });
        Assert.Contains(
            "With one hidden layer, feedback alignment and direct feedback alignment are the same rule. Feedback alignment and direct feedback alignment gave exactly the same results, "
            + "so in the charts one line hides the other.",
            Of(same));
        Assert.Contains(Of(WithLayers(same, "784-30-20-10")), note => note.StartsWith("Feedback alignment and direct feedback alignment gave exactly the same results", StringComparison.Ordinal));
    }

    [Fact]
    public void ARecordOfBeforeSaysThatItCannotTellWhetherAnythingWasLearned()
        => Assert.Contains(Of(SampleExperiment.Digits()), note => note.Contains("did not measure what a constant answer scores", StringComparison.Ordinal));

    private static ExperimentRecord Digits(double error = 0.02)
    {
        var digits = SampleExperiment.Digits().With(_ => true, run => run with { TestError = error });
        return digits with { Data = digits.Data with { Baseline = new BaselineRecord { Class = 1, TestError = 0.9, LeastInput = 0, GreatestInput = 1 } } };
    }

    private static ExperimentRecord WithLayers(ExperimentRecord experiment, string layers) =>
        experiment with { Spec = experiment.Spec with { Network = experiment.Spec.Network with { Layers = layers } } };

    private static IReadOnlyList<string> Of(ExperimentRecord experiment) => ComparisonTable.Of([experiment]).Notes;
}
