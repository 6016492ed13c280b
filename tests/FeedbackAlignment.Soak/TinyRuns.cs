using FeedbackAlignment.Experiments;
using FeedbackAlignment.Experiments.Archive;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Soak;

/// <summary>
/// Experiments of one run and some milliseconds, one rule of the catalog after the other: threads, checkpoints, records and all, in a
/// folder that is gone afterwards.
/// </summary>
/// <param name="place">Where to make the folders.</param>
internal sealed class TinyRuns(string place)
{
    /// <summary>One run in so many is stopped on its way, and gone on with.</summary>
    private const int Stopped = 7;

    private static readonly ExperimentSpec _asked = new()
    {
        Rules = [.. RuleCatalog.Standard.Ids],
        Data = new() { Train = 24, Validation = 10, Test = 10 },
        Network = new() { Layers = "784-4-4-10" },
        Training = new() { Epochs = 1, BatchSize = 6, MeasureExamples = 5, MeasurePseudobackprop = false, Threads = 2 },
    };

    private readonly LoadedData _data = new DataSources("nowhere").Load(_asked.Data);
    private readonly EveryRule _every = new(Components.Standard);
    private ExperimentSpec? _spec;

    /// <summary>The rules that take turns.</summary>
    public IReadOnlyList<string> Rules => Spec.Rules;

    /// <summary>Rules that cannot teach this network, each with the reason.</summary>
    public IReadOnlyList<(string Rule, string Reason)> LeftOut => _every.LeftOut;

    private ExperimentSpec Spec => _spec ??= _every.Complete(_asked, _data.Record);

    /// <summary>Carries one out, and reads what it left behind.</summary>
    /// <param name="number">Which, from 0; decides on the rule and the seed.</param>
    /// <exception cref="InvalidOperationException">It did not come to its end.</exception>
    public void Run(int number)
    {
        var path = Path.Combine(place, $"{number}");
        var spec = Spec with { Rules = [Rules[number % Rules.Count]], Seeds = [(ulong)number + 1] };
        var folder = ExperimentFolder.Create(path);
        if (number % Stopped == 0)
        {
            using var stop = new CancellationTokenSource();
            Train(spec, folder, new Stopper(stop), stop.Token);
        }

        Train(spec, folder, new Nobody(), CancellationToken.None);
        if (ArchivedExperiment.Read(path, RuleCatalog.Standard).Runs is not [{ Status: RunStatus.Completed }])
        {
            throw new InvalidOperationException($"run {number}, {spec.Rules[0]}, did not come to its end");
        }

        Directory.Delete(path, recursive: true);
    }

    private void Train(ExperimentSpec spec, ExperimentFolder folder, ExperimentObserver observer, CancellationToken cancellation)
        => new ExperimentRunner(spec, _data.Split, _data.Record, folder, Components.Standard, TimeProvider.System,
            new ExperimentKeeping { CheckpointEvery = 12 }).Run(observer, cancellation);

    private sealed class Nobody : ExperimentObserver;

    /// <summary>Stops a run as soon as it has begun.</summary>
    private sealed class Stopper(CancellationTokenSource stop) : ExperimentObserver
    {
        public override void OnStarted(RunKey run, long totalExamples) => stop.Cancel();
    }
}
