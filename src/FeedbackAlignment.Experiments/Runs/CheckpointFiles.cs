using System.Text.Json;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Texts;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>
/// A run's checkpoints: <c>checkpoint.state</c>, and the one before it, <c>checkpoint-before.state</c>, for when the newest is damaged. A
/// damaged one that was passed over is <c>checkpoint-damaged.state</c> from then on.
/// </summary>
/// <param name="folder">The run's folder.</param>
internal sealed class CheckpointFiles(Place folder)
{
    private const string NewestName = "checkpoint.state", BeforeName = "checkpoint-before.state", DamagedName = "checkpoint-damaged.state";
    private readonly Place _newest = folder.In(NewestName);
    private readonly Place _before = folder.In(BeforeName);
    private readonly Place _damaged = folder.In(DamagedName);

    /// <summary>The files that a run can go on from, the newest first.</summary>
    public static IReadOnlyList<string> Names { get; } = [NewestName, BeforeName];

    /// <summary>Writes a checkpoint; the newest becomes the one before.</summary>
    public void Write(TrainingState state, RunCheckpoint note)
        => _newest.Write(file => state.Save(file, JsonSerializer.SerializeToUtf8Bytes(note, ExperimentJson.Line)), keep: BeforeName);

    /// <summary>Brings a trainer to the newest checkpoint that is whole and of its training.</summary>
    /// <param name="trainer">A new trainer, as it was made for the run.</param>
    /// <param name="key">The run.</param>
    /// <param name="notice">Is told, in a line, if a checkpoint had to be passed over.</param>
    /// <returns>What was noted with it and recorded until then; null if there is no checkpoint.</returns>
    /// <exception cref="CheckpointException">There are checkpoints, and the run cannot go on from any.</exception>
    public (RunCheckpoint Note, RunPast Past)? Restore(Trainer trainer, RunKey key, Action<string> notice)
    {
        List<string> troubles = [];
        foreach (var file in (Place[])[_newest, _before])
        {
            if (!file.IsThere)
            {
                continue;
            }

            try
            {
                var restored = Restore(file, trainer, key);
                if (troubles.Count > 0)
                {
                    // Out of the way, so that it does not become the one before.
                    _newest.Change(inside => inside.Move(_newest.Name, DamagedName));
                    notice($"{troubles[0]}; the run continues from the checkpoint before it, at {restored.Note.Examples} examples");
                }

                return restored;
            }
            catch (Exception trouble) when (trouble is DataFormatException or IOException or UnauthorizedAccessException)
            {
                troubles.Add(trouble.Message.TrimEnd('.'));
            }
        }

        return troubles.Count == 0 ? null : throw new CheckpointException(troubles);
    }

    /// <summary>
    /// Makes sure, before a network is built by the word of a spec, that the checkpoints are long enough to hold its weights.
    /// </summary>
    /// <param name="plan">The network.</param>
    /// <exception cref="CheckpointException">There are checkpoints, and none is as long as that.</exception>
    public void RequireRoomFor(NetworkPlan plan)
    {
        (Place File, long Length)[] there = [.. new[] { _newest, _before }.Where(file => file.IsThere)
            .Select(file => (file, LengthOf(file)))];
        var bytes = (double)sizeof(float) * plan.Layers.Sum(layer => layer.Weights);
        if (there.Length > 0 && there.All(checkpoint => checkpoint.Length < bytes))
        {
            var weights = ForeignText.Line(plan.ToString(), ForeignText.LongestQuote);
            throw new CheckpointException(
                [.. there.Select(checkpoint => $"{checkpoint.File}: has {checkpoint.Length} bytes, too few for the weights of {weights}")]);
        }
    }

    private static long LengthOf(Place file)
    {
        try
        {
            using var stream = file.Read();
            return stream.Length;
        }
        catch (Exception trouble) when (trouble is DataFormatException or IOException or UnauthorizedAccessException)
        {
            // Who restores it says what is wrong with it.
            return long.MaxValue;
        }
    }

    /// <summary>What was noted with the newest checkpoint that is whole; null if there is none.</summary>
    public RunCheckpoint? ReadNote()
        => new[] { _newest, _before }.Where(file => file.IsThere).Select(ReadNote).FirstOrDefault(note => note is not null);

    /// <summary>Deletes all there are.</summary>
    public void Delete()
    {
        _newest.Delete();
        _before.Delete();
        _damaged.Delete();
    }

    private (RunCheckpoint Note, RunPast Past) Restore(Place file, Trainer trainer, RunKey key)
    {
        using var stream = file.Read();
        var bytes = trainer.Restore(stream, file.FullPath);
        var note = Note(bytes);
        return note is not null && (note.Rule, note.Seed) == (key.Rule, key.Seed) && double.IsFinite(note.Seconds) && note.Metrics is not null
            ? (note, RunPast.Read(folder, note.Metrics))
            : throw new DataFormatException(file.FullPath, null, $"not a checkpoint of {key}");
    }

    private static RunCheckpoint? ReadNote(Place file)
    {
        try
        {
            using var stream = file.Read();
            return Note(TrainingState.ReadNote(stream, file.FullPath));
        }
        catch (Exception trouble) when (trouble is DataFormatException or IOException or UnauthorizedAccessException)
        {
            // Who restores it says what is wrong with it.
            return null;
        }
    }

    private static RunCheckpoint? Note(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<RunCheckpoint>(bytes, ExperimentJson.Line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A run has checkpoints, and cannot go on from any: they are damaged, or of another training. The message is one line.</summary>
/// <param name="troubles">What is wrong with each.</param>
public sealed class CheckpointException(IReadOnlyList<string> troubles)
    : Exception($"the run cannot continue from its checkpoints: {string.Join("; ", troubles)}");
