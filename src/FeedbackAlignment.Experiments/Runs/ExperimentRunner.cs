using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Distributed;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>Carries out an experiment: one training for each rule and seed, as many side by side as the processors allow.</summary>
/// <param name="spec">A complete, valid spec.</param>
/// <param name="split">The examples.</param>
/// <param name="data">What they are.</param>
/// <param name="folder">Where to keep what is recorded.</param>
/// <param name="components">What the spec can name.</param>
/// <param name="clock">For seconds and dates.</param>
/// <param name="keeping">How runs are kept; null: without checkpoints but at a stop.</param>
/// <param name="team">The processes that train together, of which this is rank 0; null: this one alone.</param>
public sealed class ExperimentRunner(
    ExperimentSpec spec, DataSplit split, DataRecord data, ExperimentFolder folder, Components components, TimeProvider clock,
    ExperimentKeeping? keeping = null, RankTeam? team = null)
{
    private readonly ExperimentKeeping _keeping = keeping ?? new ExperimentKeeping();

    /// <summary>
    /// Runs the experiment and keeps its record in the folder. Where it was begun before, it goes on: runs that have ended are not
    /// repeated, the others go on from their checkpoints, and what comes out is the same but for the seconds.
    /// </summary>
    /// <param name="observer">Watches.</param>
    /// <param name="cancellation">Stops all runs between two steps; the record then holds what there is.</param>
    /// <returns>The record, with the runs in the spec's order; runs that a cancellation kept from starting are not in it.</returns>
    /// <exception cref="FolderException">
    /// The folder was begun under another spec, another process writes there, or the data are others than before.
    /// </exception>
    /// <exception cref="CheckpointException">A run cannot go on from its checkpoints.</exception>
    /// <exception cref="RecordingException">A file cannot be written; all runs are stopped, as by a cancellation.</exception>
    public ExperimentRecord Run(ExperimentObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(observer);
        using var hold = folder.Hold(clock);
        var environment = Begin();
        RunKey[] keys = [.. RunKey.AllOf(spec)];
        var records = new RunRecord?[keys.Length];
        if (team is null)
        {
            SideBySide.Run(
                [.. keys.Index()],
                spec.Training.Threads,
                (run, threads, stop) => records[run.Index] = Train(run.Item, threads, observer, stop),
                cancellation);
        }
        else
        {
            // One after another, and on this thread: it is the one that may send messages.
            foreach (var (index, key) in keys.Index().TakeWhile(_ => !cancellation.IsCancellationRequested))
            {
                var run = Train(key, team.Threads, observer, cancellation);
                records[index] = run;
                if (run.Status == RunStatus.Cancelled)
                {
                    // Another rank was asked to stop, and all mean it.
                    break;
                }
            }
        }

        var record = new ExperimentRecord
        {
            Runs = [.. records.OfType<RunRecord>()],
            Environment = environment,
            Spec = spec,
            Data = data.ForResults(),
            Rules = RuleRecords.Of(spec, components.Rules),
            Examples = TestAnswers.Examples(records.OfType<RunRecord>(), split.Test, data.Schema),
        };
        folder.WriteResults(record);
        return record;
    }

    private RunRecord Train(RunKey key, int threads, ExperimentObserver observer, CancellationToken cancellation)
    {
        var kept = folder.Run(key);
        if (kept.Finished(key, spec, components) is { } finished)
        {
            observer.OnFound(key, finished);
            return finished;
        }

        var record = TrainingRun.Train(
            spec, key, split, kept, components, threads, clock, _keeping, observer, tests: true, cancellation, team);
        folder.ForgetResults();
        observer.OnFinished(key, record);
        return record;
    }

    /// <summary>Writes down what is begun; where it was begun before, makes sure that it is this.</summary>
    /// <returns>Where and with what the experiment was begun.</returns>
    private EnvironmentRecord Begin()
    {
        var resume = new ResumeRecord { CheckpointEvery = _keeping.CheckpointEvery, DataFolder = _keeping.DataFolder, DataChecksum = DataChecksum.Of(split), Spec = spec };
        if (!folder.HasBegun)
        {
            var here = ThisMachine.Describe(clock);
            folder.WriteBeginning(spec, here, data, resume);
            return here;
        }

        ArithmeticOfProcess.Require(folder.FullPath, folder.ReadArithmetic());
        folder.RequireSpec(spec, components, _keeping.Notice);
        folder.ReadResume().RequireData(folder.FullPath, resume);
        folder.WriteResume(resume);
        folder.WriteSpec(spec, components);
        return folder.ReadEnvironment() ?? ThisMachine.Describe(clock);
    }
}
