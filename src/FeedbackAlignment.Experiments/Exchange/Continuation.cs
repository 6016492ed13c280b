using FeedbackAlignment.Exchange;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Exchange;

/// <summary>
/// A new experiment that begins where a run ended, or was stopped: with its weights, what its rule had learned itself, and, if wanted,
/// what its optimizer remembered. These go into a file of their own (<see cref="FileName"/>), which the new spec names with its checksum,
/// so that it can be run again without the old run.
/// </summary>
public sealed class Continuation
{
    /// <summary>The file in the new experiment's folder.</summary>
    public const string FileName = "from.safetensors";

    private readonly string _path;
    private readonly FinishedRun _run;
    private readonly Components _components;
    private readonly bool _withOptimizer;

    private Continuation(string path, FinishedRun run, Components components, bool withOptimizer)
        => (_path, _run, _components, _withOptimizer) = (path, run, components, withOptimizer);

    /// <summary>Reads the run to go on from.</summary>
    /// <param name="path">Its folder, or that of an experiment of one run.</param>
    /// <param name="components">What its spec can name.</param>
    /// <param name="withOptimizer">Whether to take over what its optimizer remembered.</param>
    /// <param name="notice">Is told, in a line, if its <c>spec.json</c> was changed after the training; null: nobody is.</param>
    /// <exception cref="FolderException">There is no run, several are there, or nothing can go on from it.</exception>
    /// <exception cref="FeedbackAlignment.Data.DataFormatException">Its weights are damaged.</exception>
    public static Continuation Of(string path, Components components, bool withOptimizer, Action<string>? notice = null)
    {
        var folder = RunSearch.One(path);
        var run = FinishedRun.Open(folder, components, notice);
        return !run.HasFiniteWeights
            ? throw new FolderException(
                $"{folder}: the weights are not finite because the run diverged ({run.Record.Reason}); a training cannot "
                + "continue from them")
            : run.Network.Dynamics is not null
                ? throw new FolderException($"{folder}: the state of a spiking network is not kept; train it from its spec")
            : withOptimizer && !run.Arrays.Keys.Any(name => name.StartsWith(TensorNames.OptimizerPrefix, StringComparison.Ordinal))
                ? throw new FolderException($"{folder}: its optimizer ({run.Spec.Optimizer.Kind}) has no state; leave --with-optimizer out")
            : withOptimizer && run.Spec is { Optimizer.Kind: OptimizerIds.Adam or OptimizerIds.AdamW, Training.Phases: not null }
                ? throw new FolderException(
                    $"{folder}: how often adam moved each layer in the phases of that run is not kept; leave --with-optimizer out")
            : new Continuation(folder, run, components, withOptimizer);
    }

    /// <summary>The spec of the new experiment.</summary>
    /// <param name="asked">What to train; null: what the run trained, its rule and its seed alone.</param>
    /// <param name="file">Where <see cref="Write"/> puts the weights.</param>
    public ExperimentSpec Spec(ExperimentSpec? asked, string file)
    {
        var spec = asked ?? Alone();
        var carries = _withOptimizer ? CarriedIds.Optimizer
            : _run.Arrays.Keys.Any(name => name.StartsWith(TensorNames.RulePrefix, StringComparison.Ordinal))
                && spec.Rules.All(rule => rule == _run.Record.Rule) ? CarriedIds.Rule
            : CarriedIds.Weights;
        return spec with { Network = spec.Network with { Initialization = new InitializationSpec { From = file, Carries = carries } } };
    }

    /// <summary>Writes all that the run left as a safetensors file.</summary>
    /// <param name="stream">Receives it.</param>
    public void Write(Stream stream) => RunExport.ToSafetensors(_run).Write(stream);

    /// <summary>
    /// What the new experiment takes over, in lines for the user. Sets up every run of it once, so that what does not fit is found before
    /// anything is trained.
    /// </summary>
    /// <param name="spec">The complete spec.</param>
    /// <exception cref="SpecException">The file does not fit the spec.</exception>
    /// <exception cref="FeedbackAlignment.Data.DataFormatException">Something that the spec wants is not in the file.</exception>
    public IReadOnlyList<string> Describe(ExperimentSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var record = _run.Record;
        List<string> lines = [$"from     {_path}: its weights after {record.KeptAtExamples} examples"];
        if (_withOptimizer)
        {
            lines.Add($"from     what its optimizer remembered at the end, after {record.Examples} examples");
        }

        using var compute = new Compute();
        var given = GivenWeights.Of(spec.Network, _components);
        var feedback = RunKey.AllOf(spec).Select(key => (Key: key, Same: HasSameFeedback(spec, key, given, compute))).ToList();
        if (feedback.Any(run => run.Same == true))
        {
            lines.Add($"feedback the same weights as there{Which(feedback, same: true)}");
        }

        if (feedback.Any(run => run.Same == false))
        {
            lines.Add($"feedback not the weights of that run, but others{Which(feedback, same: false)}: the network has to align with them anew");
        }

        return lines;
    }

    private ExperimentSpec Alone()
    {
        var rule = _run.Record.Rule;
        var trained = (_run.Spec.Training.Phases ?? []).Select(phase => phase.Rule).Append(rule);
        return _run.Spec with
        {
            Rules = [rule],
            Seeds = [_run.Record.Seed],
            RuleSettings = _run.Spec.RuleSettings.Where(settings => trained.Contains(settings.Key)).ToDictionary(),
            Tuning = null,
        };
    }

    /// <summary>Whether a run has, to the bit, the feedback weights that the old one ended with; null: it has none.</summary>
    private bool? HasSameFeedback(ExperimentSpec spec, RunKey key, GivenWeights? given, Compute compute)
    {
        var builder = new RunBuilder(spec, key, _components);
        var network = builder.Network(compute, given);
        var phases = new RunPhases(spec, key, network, maxBatch: 1, _components);
        CarriedState.Restore(spec.Network, given, phases.First, builder.Optimizer(phases.LearnedParameters));
        return phases.First.Feedback.Count == 0 ? null : phases.First.Feedback.All(path =>
            _run.Arrays.TryGetValue(RunFolder.FeedbackName(network, path), out var before)
            && IsSame(before, path.Weights));
    }

    private static bool IsSame(Matrix one, Matrix other)
        => (one.Rows, one.Columns) == (other.Rows, other.Columns)
            && Enumerable.Range(0, one.Rows).All(row => Enumerable.Range(0, one.Columns).All(column => BitConverter.SingleToInt32Bits(one[row, column]) == BitConverter.SingleToInt32Bits(other[row, column])));

    private static string Which(List<(RunKey Key, bool? Same)> runs, bool same)
        => runs.All(run => run.Same == same) ? "" : $" in {string.Join(", ", runs.Where(run => run.Same == same).Select(run => run.Key))}";
}
