using System.Globalization;
using System.Text.Json;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Studies;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>
/// What one run leaves behind: <c>metrics.jsonl</c>, <c>curve.csv</c> and <c>alignment.csv</c> as they happen; checkpoints while it goes on
/// (<see cref="CheckpointFiles"/>); at the end <c>weights.npz</c>, which NumPy reads as it is: the kept weights and biases
/// (<c>hidden1.weights</c> …) and the feedback weights, by the layer that the error comes from and the one it goes to
/// (<c>feedback.output-hidden1</c>), what the rule itself has learned (<c>rule.</c> and the name of its parameter), and what the
/// optimizer remembers at the end (<c>optimizer.</c>, that name, and PyTorch's word for it:
/// <c>optimizer.hidden1.weights.momentum_buffer</c>; <c>optimizer.steps</c> counts its steps); <see cref="MistakesFile"/>; and last of all
/// <c>run.json</c>, which says that the run has ended.
/// </summary>
/// <param name="place">Where; the folder exists.</param>
/// <param name="keepsWeights">Whether the weights are wanted: the many trials of a tuning would fill the disk.</param>
/// <param name="identity">The name of the run in a study; null: it is of another experiment.</param>
internal sealed class RunFolder(Place place, bool keepsWeights = true, string? identity = null)
{
    public const string RecordName = "run.json", WeightsName = "weights.npz", SnapshotsName = "snapshots";

    public CheckpointFiles Checkpoints { get; } = new(place);

    /// <summary>Whether the weights are wanted.</summary>
    public bool KeepsWeights { get; } = keepsWeights;

    /// <summary>Opens the metrics of a run that begins or goes on: from here on it has not ended, whatever an earlier stop says.</summary>
    /// <param name="hasNorms">Whether norms are recorded.</param>
    /// <param name="from">What of the metrics stays; null: nothing.</param>
    public MetricsWriter OpenMetrics(bool hasNorms, MetricsLengths? from)
    {
        var metrics = new MetricsWriter(place, hasNorms, from);
        place.In(RecordName).Delete();
        return metrics;
    }

    /// <summary>Whether the run has left a checkpoint or a record, and the spec that these were made under.</summary>
    /// <param name="spec">That spec; null if it is not known: version 0.1 did not write it down.</param>
    public bool HasBegun(out ExperimentSpec? spec)
    {
        if (Checkpoints.ReadNote() is { } note)
        {
            spec = note.Spec;
            return true;
        }

        spec = RecordedSpec.Read(place.In(RecordName));
        return place.In(RecordName).IsThere;
    }

    /// <summary>
    /// The record of a run that went to its end, one way or another; null: there is something left to do, or what is there is another run.
    /// Records of version 0.1 do not say under which spec they came to be; then rule and seed decide.
    /// </summary>
    /// <param name="key">The run.</param>
    /// <param name="spec">The complete spec that it must have run under.</param>
    /// <param name="components">What the spec can name.</param>
    public RunRecord? Finished(RunKey key, ExperimentSpec spec, Components components)
    {
        // A damaged one can be had again: the run is the same to the bit.
        return Record() is { } record && (record.Rule, record.Seed) == (key.Rule, key.Seed)
            && (record.Spec is null || IsSame(record.Spec, key, spec, components))
                ? MistakesFile.AddTo(place, record with { Spec = null }) : null;
    }

    /// <summary>The record of a run of a study that went to its end; null: it is not there, or another run.</summary>
    /// <param name="name">The name of the run in the study.</param>
    public RunRecord? Finished(string name)
        => Record() is { } record && record.Identity == name ? MistakesFile.AddTo(place, record) : null;

    /// <summary>Writes the weights and the feedback weights as they are now.</summary>
    /// <param name="examples">Examples learned from until now, which the file is named after.</param>
    /// <param name="rule">The run's rule, and its network.</param>
    /// <param name="onlyEnds">Whether only the first and the latest are kept.</param>
    public void WriteSnapshot(long examples, LearningRule rule, bool onlyEnds)
    {
        place.In(SnapshotsName).Change(folder => folder.MakeFolder(SnapshotsName).Dispose());
        place.In($"{SnapshotsName}/{SnapshotName(examples)}").Write(file => NpzFile.Write(file, [.. Arrays(rule)]));
        if (onlyEnds)
        {
            DropSnapshots([0, examples]);
        }
    }

    /// <summary>
    /// Deletes the snapshots of other moments: a run that was stopped has one of its stop, and goes on from a checkpoint before it.
    /// </summary>
    /// <param name="kept">The moments whose snapshots stay, in examples.</param>
    public void DropSnapshots(IEnumerable<long> kept)
    {
        string[] names = [.. kept.Select(SnapshotName)];
        if (place.In(SnapshotsName).IsFolder)
        {
            place.In($"{SnapshotsName}/{SnapshotName(0)}").Change(folder =>
            {
                foreach (var name in folder.Names().Where(name => IsSnapshot(name) && !names.Contains(name)))
                {
                    folder.Delete(name);
                }
            });
        }
    }

    private static string SnapshotName(long examples) => string.Create(CultureInfo.InvariantCulture, $"{examples:D12}.npz");

    /// <summary>Whatever else somebody has put there stays.</summary>
    private static bool IsSnapshot(string name)
        => Path.GetExtension(name) == ".npz" && long.TryParse(Path.GetFileNameWithoutExtension(name), out var examples)
            && name == SnapshotName(examples);

    /// <param name="record">The run's record.</param>
    /// <param name="spec">What was run, complete.</param>
    /// <param name="rule">The run's rule, and its network.</param>
    /// <param name="optimizer">What moved the weights.</param>
    public void WriteEnd(RunRecord record, ExperimentSpec spec, LearningRule rule, Optimizer optimizer)
    {
        if (KeepsWeights)
        {
            WriteWeights(rule, optimizer);
        }

        if (record.TestMistakes is { } mistakes)
        {
            place.In(MistakesFile.Name).Write(file => MistakesFile.Write(file, mistakes));
        }

        place.In(RecordName).Write(file => file.Write(
            JsonSerializer.SerializeToUtf8Bytes(record with { Spec = spec, Identity = identity }, ExperimentJson.Indented)
                .Append((byte)'\n').ToArray()));
        if (record.Status != RunStatus.Cancelled)
        {
            Checkpoints.Delete();
        }
    }

    /// <summary>The feedback weights of a path, in <c>weights.npz</c>.</summary>
    public static string FeedbackName(Network network, FeedbackPath path) => TensorNames.Feedback(
        network.Layers[path.From].Name, path.Site?.Name ?? (path.To < 0 ? TensorNames.Input : network.Layers[path.To].Name));

    /// <summary>The rules of other phases have parameters too: only those of the run's own are kept.</summary>
    private static IEnumerable<(string Name, Matrix Values)> Memory(LearningRule rule, Optimizer optimizer)
    {
        if (optimizer.Memory.Count > 0)
        {
            var steps = new Matrix(1, 1);
            steps[0, 0] = optimizer.Steps;
            yield return (TensorNames.Steps, steps);
        }

        foreach (var (index, parameter) in optimizer.Parameters.Index())
        {
            var name = rule.Network.Parameters.Contains(parameter) ? parameter.Name
                : rule.Parameters.Contains(parameter) ? TensorNames.Rule(parameter.Name) : null;
            foreach (var memory in name is null ? [] : optimizer.Memory)
            {
                yield return (TensorNames.Optimizer(name!, memory.Name), memory.Values[index]);
            }
        }
    }

    /// <summary>What stands in the record of a run that went to its end, and has its weights.</summary>
    private RunRecord? Record()
    {
        var file = place.In(RecordName);
        return file.IsFile && (!KeepsWeights || place.In(WeightsName).IsFile)
            && RecordFile.TryRead<RunRecord>(file) is { Status: not RunStatus.Cancelled } record ? record : null;
    }

    /// <summary>Whether a run under one spec is the same, to the bit, as under another.</summary>
    private static bool IsSame(ExperimentSpec ranUnder, RunKey key, ExperimentSpec spec, Components components)
    {
        try
        {
            return ranUnder is { Loss: not null, Network.Layers: not null }
                && RunIdentity.Settings(ranUnder, key, components) == RunIdentity.Settings(spec, key, components);
        }
        catch (Exception trouble) when (trouble is FormatException or ArgumentException)
        {
            // Somebody has damaged it so that it is no spec any more.
            return false;
        }
    }

    private void WriteWeights(LearningRule rule, Optimizer optimizer)
    {
        place.In(WeightsName).Write(file => NpzFile.Write(
            file,
            [
                .. Arrays(rule),
                .. Memory(rule, optimizer),
            ]));
    }

    private static IEnumerable<(string Name, Matrix Values)> Arrays(LearningRule rule) =>
    [
        .. rule.Network.Parameters.Select(parameter => (parameter.Name, parameter.Read())),
        .. rule.Network.Buffers.Select(buffer => (buffer.Name, buffer.Values)),
        .. rule.Feedback.Select(path => (FeedbackName(rule.Network, path), path.Weights)),
        .. rule.Parameters.Select(parameter => (TensorNames.Rule(parameter.Name), parameter.Read())),
    ];
}
