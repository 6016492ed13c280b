using System.Text.Json;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Tests.Data;

namespace FeedbackAlignment.Experiments.Tests.Runs;

/// <summary>An experiment that is stopped and gone on with, in a folder that is gone after the test.</summary>
/// <param name="asked">What is run.</param>
/// <param name="place">The folder that it is in; null: a new one.</param>
internal sealed class StoppedExperiment(ExperimentSpec asked, TemporaryFolder? place = null) : IDisposable
{
    private readonly TemporaryFolder _place = place ?? new();
    private readonly LoadedData _data = TinyExperiment.Load(asked);

    public static ExperimentSpec Spec { get; } = TinyExperiment.Spec with
    {
        Rules = ["feedback-alignment"],
        Optimizer = new() { Kind = "adam" },
    };

    public string Folder => Path.Combine(_place.Path, "run");

    public List<string> Notices { get; } = [];

    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>Begins the experiment, or goes on with it.</summary>
    /// <param name="stopAfter">Stops it after the first step that takes a run here; null: never.</param>
    /// <param name="every">Examples from one checkpoint to the next.</param>
    /// <param name="folder">Name of another folder.</param>
    /// <param name="anew">Whether runs without a whole checkpoint begin anew.</param>
    /// <param name="step">What to do at a step.</param>
    /// <param name="data">Other data than the spec's.</param>
    public ExperimentRecord Run(long? stopAfter = null, long? every = 16, string folder = "run", bool anew = false, Action<long>? step = null, LoadedData? data = null)
    {
        using var source = new CancellationTokenSource();
        var keeping = new ExperimentKeeping { CheckpointEvery = every, Anew = anew, Notice = Notices.Add };
        var loaded = data ?? _data;
        var runner = new ExperimentRunner(
            SpecCompletion.Complete(asked, loaded.Record, Components.Standard), loaded.Split, loaded.Record,
                ExperimentFolder.CreateOrOpen(Path.Combine(_place.Path, folder)), Components.Standard, Clock, keeping);
        return runner.Run(new Stopper(stopAfter ?? long.MaxValue, source, step, Calls), source.Token);
    }

    public List<string> Calls { get; } = [];

    public string RunPath(string file, string run = "feedback-alignment-1", string folder = "run") => Path.Combine(_place.Path, folder, "runs", run, file);

    /// <summary>All that runs left behind, by name, but for the seconds.</summary>
    public Dictionary<string, string> Left(string folder = "run")
    {
        var root = Path.Combine(_place.Path, folder, "runs");
        return Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).ToDictionary(
            file => Path.GetRelativePath(root, file),
            file => Path.GetFileName(file) == "run.json"
                ? TinyExperiment.Outcome(JsonSerializer.Deserialize<RunRecord>(File.ReadAllText(file), ExperimentJson.Indented)!)
                : Convert.ToHexString(File.ReadAllBytes(file)));
    }

    public void AssertSameAs(string expected, string folder = "run")
    {
        var (wanted, left) = (Left(expected), Left(folder));
        Assert.Equal(wanted.Keys.Order(), left.Keys.Order());
        Assert.All(wanted, file => Assert.True(file.Value == left[file.Key], $"{file.Key} differs"));
        Assert.Equal(Results(expected), Results(folder));
    }

    public void Dispose()
    {
        if (Directory.Exists(_place.Path))
        {
            _place.Dispose();
        }
    }

    /// <summary>The results without seconds and the moment of the beginning.</summary>
    private string Results(string folder)
    {
        var record = ExperimentFolder.Read(Path.Combine(_place.Path, folder));
        return JsonSerializer.Serialize(
            record with { Runs = [.. record.Runs.Select(run => run with { Seconds = 0 })], Environment = record.Environment with { Started = default } }, ExperimentJson.Indented);
    }

    private sealed class Stopper(long after, CancellationTokenSource source, Action<long>? step, List<string> calls) : ExperimentObserver
    {
        public override void OnStarted(RunKey run, long totalExamples) => Tell($"started {run}");

        public override void OnFound(RunKey run, RunRecord record) => Tell($"found {run}");

        public override void OnFinished(RunKey run, RunRecord record) => Tell($"finished {run} {record.Status}");

        public override void OnStep(RunKey run, long examples, double loss)
        {
            step?.Invoke(examples);
            if (examples >= after)
            {
                source.Cancel();
            }
        }

        private void Tell(string call)
        {
            lock (calls)
            {
                calls.Add(call);
            }
        }
    }
}
