using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Tuning;

/// <summary>
/// Carries out a tuning: searches each rule's settings with the same budget, and chooses by the error on the validation examples. It
/// cannot look at the test examples, for it lets go of them before anything is trained.
/// </summary>
public sealed class TuningRunner
{
    private readonly ExperimentSpec _spec;
    private readonly DataSplit _split;
    private readonly DataRecord _data;
    private readonly TuningFolder _folder;
    private readonly Components _components;
    private readonly TimeProvider _clock;
    private readonly ExperimentKeeping _keeping;
    private readonly TuningPlan _plan;

    /// <summary>Prepares a tuning.</summary>
    /// <param name="spec">A spec that <see cref="Complete"/> has filled in.</param>
    /// <param name="loaded">The data.</param>
    /// <param name="folder">Where to keep what is recorded, and where it may have begun.</param>
    /// <param name="components">What specs can name.</param>
    /// <param name="clock">For seconds and dates.</param>
    /// <param name="keeping">How trainings are kept; null: without checkpoints but at a stop.</param>
    /// <exception cref="SpecException">The shortest trainings would have no example, or be too many.</exception>
    public TuningRunner(
        ExperimentSpec spec, LoadedData loaded, TuningFolder folder, Components components, TimeProvider clock,
        ExperimentKeeping? keeping = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(loaded);
        ArgumentNullException.ThrowIfNull(components);
        (_spec, _data, _folder, _components) = (spec, loaded.Record, folder, components);
        (_clock, _keeping) = (clock, keeping ?? new ExperimentKeeping());

        // A split must have three parts; the validation examples stand in for the third, so that there is no way from here to those of the test.
        _split = loaded.Split with { Test = loaded.Split.Validation };
        _plan = new TuningPlan(spec, loaded.Record.Train, components.Rules);
    }

    /// <summary>The spec with nothing left to choose but what is searched.</summary>
    /// <param name="asked">A valid spec, with or without a tuning.</param>
    /// <param name="data">The data it has named.</param>
    /// <param name="components">What it can name.</param>
    /// <param name="every">Leaves out the rules that cannot teach its network; null: those of the spec it is.</param>
    /// <param name="asIn01">
    /// Whether it goes on in a folder that version 0.1 began: without the spec's own setting as trial 0, final seeds and report.
    /// </param>
    /// <exception cref="SpecException">
    /// The spec does not fit the data, or its tuning not the rest, or a seed serves two purposes; it has all the mistakes.
    /// </exception>
    public static ExperimentSpec Complete(
        ExperimentSpec asked, DataRecord data, Components components, EveryRule? every = null, bool asIn01 = false)
    {
        ArgumentNullException.ThrowIfNull(components);
        var spec = every is null ? SpecCompletion.Complete(asked, data, components) : every.Complete(asked, data);
        var tuning = TuningSpace.Complete(spec, components.Rules, asIn01);
        var complete = spec with
        {
            Tuning = every is null ? tuning : tuning with { Rules = tuning.Rules.Where(rule => spec.Rules.Contains(rule.Key)).ToDictionary() },
        };
        var rungs = Rung.Of(complete.Tuning, SpecCompletion.TotalExamples(complete.Training, data.Train));
        var problems = new SpecProblems();
        TuningSeeds.Check(complete, problems);
        problems.ThrowIfAny();
        var plan = complete.Network.Plan(components);
        SpecProblem[] others =
        [
            .. SpecValidator.Validate(complete, components),
            .. rungs.SelectMany(
                rung => PlanChecks.OfBatches(
                    complete with { Training = complete.Training with { Examples = rung.Examples } }, plan, data.Train, data.Validation)),
        ];
        return others.Length == 0 ? complete : throw new SpecException(others);
    }

    /// <summary>Runs the tuning, or what is left of it, and keeps its record in the folder.</summary>
    /// <param name="observer">Watches.</param>
    /// <param name="cancellation">
    /// Stops all trainings between two steps; those that are done are kept, the others go on from a checkpoint next time.
    /// </param>
    /// <exception cref="FolderException">
    /// The folder holds another tuning's trainings, another process writes there, or the data are others than before.
    /// </exception>
    /// <exception cref="CheckpointException">A training cannot go on from its checkpoints.</exception>
    /// <exception cref="RecordingException">A file cannot be written; all trainings are stopped, as by a cancellation.</exception>
    public TuningRecord Run(TuningObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(observer);
        using var hold = _folder.Hold(_clock);
        var environment = Begin();
        List<RuleCourse> courses = [.. _spec.Rules.Select(rule => new RuleCourse(rule, _plan))];
        var trainings = new TrialTrainings(_spec, _plan, _split, _folder, _components, _clock, _keeping);
        var stages = new TuningStages(_plan, trainings, courses, observer, cancellation);
        var record = Record(courses, stages.Run(), environment);
        _folder.Write(record);
        _folder.WriteWinners(_plan, [.. record.Rules.Where(rule => rule.Winner is not null)]);
        return record;
    }

    /// <summary>Writes down what is begun; where it was begun before, makes sure that it is this, or a smaller one of the same.</summary>
    /// <returns>Where and with what it is run.</returns>
    private EnvironmentRecord Begin()
    {
        var resume = new ResumeRecord { CheckpointEvery = _keeping.CheckpointEvery, DataFolder = _keeping.DataFolder, DataChecksum = DataChecksum.Of(_split), Spec = _spec };
        if (_folder.ReadArithmetic() is { } kind)
        {
            ArithmeticOfProcess.Require(_folder.FullPath, kind);
        }

        RequireOwn();
        _folder.ReadResume().RequireData(_folder.FullPath, resume);
        var environment = ThisMachine.Describe(_clock);
        _folder.WriteBeginning(_spec, environment, _data, resume);
        return environment;
    }

    /// <summary>Before anything is written: no training of the plan may be there with another spec.</summary>
    private void RequireOwn()
    {
        foreach (var key in _plan.AllKeys)
        {
            _ = _folder.Finished(key, _plan.SpecOf(key), _components);
        }
    }

    private TuningRecord Record(List<RuleCourse> courses, bool finished, EnvironmentRecord environment) => new()
    {
        Rules = [.. courses.Select(course => course.Record(finished, _plan.Space(course.Rule)))],
        Finished = finished,
        FullExamples = _plan.FullExamples,
        BudgetExamples = _spec.Tuning!.Trials * _plan.TrialSeeds.Count * _plan.FullExamples,
        PlannedExamples = _plan.Examples,
        Environment = environment,
        Spec = _spec,
        Data = _data,
    };
}
