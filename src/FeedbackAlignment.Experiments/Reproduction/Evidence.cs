using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Reproduction;

/// <summary>A run did not complete, or a reading that a claim needs is not there.</summary>
/// <param name="message">Which.</param>
internal sealed class EvidenceException(string message) : Exception(message);

/// <summary>What the experiments left behind, for claims and figures to look at.</summary>
/// <param name="effort">How much was spent.</param>
/// <param name="cancellation">Ends what takes seconds to compute.</param>
internal sealed class Evidence(Effort effort = Effort.Standard, CancellationToken cancellation = default)
{
    private readonly Dictionary<string, ExperimentEvidence> _experiments = [];
    private readonly Dictionary<string, string> _missing = [];

    /// <summary>How much was spent.</summary>
    public Effort Effort => effort;

    /// <summary>Computed when first asked for; needs no training.</summary>
    /// <exception cref="OperationCanceledException">It was stopped before.</exception>
    public TheoryEvidence Theory { get; } = new(cancellation);

    public ExperimentEvidence this[string id] => _experiments[id];

    public bool Has(params ReadOnlySpan<string> ids)
    {
        foreach (var id in ids)
        {
            if (!_experiments.ContainsKey(id))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Why an experiment has not been run; null if it has.</summary>
    public string? Missing(string id) => _experiments.ContainsKey(id) ? null : _missing.GetValueOrDefault(id, "not among those asked for");

    public void Add(string id, ExperimentEvidence experiment) => _experiments.Add(id, experiment);

    public void AddMissing(string id, string why) => _missing.Add(id, why);
}

/// <summary>What one experiment left behind.</summary>
/// <param name="record">Its record.</param>
/// <param name="weights">Reads a matrix of a run's <c>weights.npz</c>.</param>
/// <param name="initialWeights">The weights that a run began with, outputs × inputs.</param>
internal sealed class ExperimentEvidence(ExperimentRecord record, Func<RunRecord, string, Matrix> weights, Func<RunRecord, int, Matrix> initialWeights)
{
    public ExperimentRecord Record => record;

    /// <summary>A rule's runs.</summary>
    /// <exception cref="EvidenceException">There are none, or one did not complete.</exception>
    public IReadOnlyList<RunRecord> Runs(string rule)
    {
        RunRecord[] runs = [.. record.Runs.Where(run => run.Rule == rule)];
        return runs.FirstOrDefault(run => !run.Status.IsEnd()) is { } broken ? throw new EvidenceException($"{rule}, seed {broken.Seed}: {broken.Reason ?? "did not complete"}")
            : runs.Length == 0 ? throw new EvidenceException($"no run of {rule}")
            : runs;
    }

    /// <summary>The moments of a rule's learning curve.</summary>
    public IEnumerable<long> Moments(string rule) => Runs(rule)[0].Curve.Select(point => point.Examples);

    /// <summary>Error on test, of the weights at the end.</summary>
    public Sample Test(string rule) => new(Runs(rule).Select(run => run.TestError ?? throw new EvidenceException($"{rule}, seed {run.Seed}: no test error")));

    /// <summary>Error on validation at a moment, which must be a point of every run's curve.</summary>
    public Sample Error(string rule, long examples)
        => new(Runs(rule).Select(run => run.Curve.FirstOrDefault(point => point.Examples == examples)?.ValidationError ?? throw Lacking(run, "error", examples)));

    /// <summary>An instrument's reading at a moment, at which every run must have been measured.</summary>
    public Sample Reading(string rule, string layer, long examples, Func<AlignmentRecord, double?> which)
        => new(Runs(rule).Select(run => run.Alignment.FirstOrDefault(reading => reading.Layer == layer && reading.Examples == examples) is { } reading && which(reading) is { } value ? value : throw Lacking(run, "reading", examples)));

    /// <summary>The angle between the rule's and backpropagation's error, degrees.</summary>
    public Sample Angle(string rule, long examples, string layer = "hidden1") => Reading(rule, layer, examples, reading => reading.ErrorAngle);

    /// <summary>The moments at which a layer was measured.</summary>
    public IEnumerable<long> Measured(string rule, string layer = "hidden1") => Runs(rule)[0].Alignment.Where(reading => reading.Layer == layer).Select(reading => reading.Examples);

    /// <summary>A matrix that a run left behind, e.g. <c>hidden1.weights</c>.</summary>
    public Matrix Weights(RunRecord run, string name) => weights(run, name);

    /// <summary>The weights that a run began with.</summary>
    public Matrix InitialWeights(RunRecord run, int layer) => initialWeights(run, layer);

    private static EvidenceException Lacking(RunRecord run, string what, long examples) => new($"{run.Rule}, seed {run.Seed}: no {what} at {examples} examples");
}
