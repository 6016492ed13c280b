using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Experiments.Tests.Runs;

/// <summary>
/// The task of <c>specs/shapes.json</c> tells rules that train convolutions from those that do not. Without kernels that learn the error is
/// higher by far, and feedback alignment is not backpropagation under another name.
/// </summary>
public sealed class ShapesTaskTests : IDisposable
{
    private readonly TinyExperiment _tiny = new();

    [Fact]
    public void FeedbackAlignmentTrainsKernelsButNotAsWellAsBackpropagation()
    {
        var spec = SpecReader.Read(File.ReadAllText(Path.Combine(Repository.Root, "specs", "shapes.json")), Components.Standard);
        var (record, _) = _tiny.Run(spec, cancellation: TestContext.Current.CancellationToken);

        foreach (var frozen in (string[])["frozen-convolutions", "frozen-features"])
        {
            Assert.InRange(Excess(record, frozen, over: "feedback-alignment").Mean, 0.05, 1);
        }

        var excess = Excess(record, "feedback-alignment", over: "backpropagation");
        Assert.InRange(excess.Mean * Math.Sqrt(excess.Count) / excess.Deviation!.Value, 3, double.PositiveInfinity);
    }

    public void Dispose() => _tiny.Dispose();

    /// <summary>How much higher the test error of a rule is than another's, seed by seed.</summary>
    private static Summary Excess(ExperimentRecord record, string rule, string over)
    {
        var excess = Errors(record, rule).Zip(Errors(record, over), (error, other) => error - other);
        return Summary.Of(excess)!;
    }

    private static IEnumerable<double?> Errors(ExperimentRecord record, string rule)
        => record.Runs.Where(run => run.Rule == rule).OrderBy(run => run.Seed).Select(run => run.TestError);
}
