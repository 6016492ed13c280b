using System.Diagnostics;
using System.Text.Json;
using FeedbackAlignment.Experiments;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Studies;

namespace FeedbackAlignment.Soak;

/// <summary>
/// Workers claim and publish the runs of a large study, without training them, and somebody lists it: ten times the runs may take eleven
/// times as long. Ten small studies are measured against one large one, so that both see the same machine.
/// </summary>
/// <param name="place">Where to make the folders.</param>
internal sealed class StudyClaims(string place)
{
    private const int Workers = 8, Small = 10;
    private const double MostGrowth = 11;

    private static readonly ExperimentSpec _asked = new()
    {
        Rules = ["backpropagation"],
        Data = new() { Train = 24, Validation = 10, Test = 10 },
        Network = new() { Layers = "784-2-10" },
    };

    private readonly LoadedData _data = new DataSources("nowhere").Load(_asked.Data);

    /// <summary>Measures.</summary>
    /// <param name="runs">Runs of the large study.</param>
    /// <returns>Whether it grows as it may, and every run was published once.</returns>
    public bool Measure(int runs)
    {
        var small = Enumerable.Range(0, Small).Select(_ => Study(runs / Small)).ToList();
        var large = Study(runs);
        var claim = Small * large.Claim / small.Sum(study => study.Claim);
        var list = Small * large.List / small.Sum(study => study.List);
        Console.WriteLine($"{runs / Small} runs by {Workers} workers: claimed and published in {small.Average(study => study.Claim):0.00} s, listed in {small.Average(study => study.List):0.00} s, mean of {Small}");
        Console.WriteLine($"{runs} runs by {Workers} workers: claimed and published in {large.Claim:0.00} s, listed in {large.List:0.00} s");
        Console.WriteLine($"{Small} times the runs take {claim:0.0} times as long to claim and {list:0.0} times as long to list; {MostGrowth} may be");
        var isOnce = small.Append(large).All(study => study.IsOnce);
        Console.WriteLine(isOnce ? "every run was published once" : "not every run was published once");
        return isOnce && claim <= MostGrowth && list <= MostGrowth;
    }

    private (double Claim, double List, bool IsOnce) Study(int runs)
    {
        var path = Path.Combine(place, $"study-{Guid.NewGuid():N}");
        var asked = _asked with { Seeds = [.. Enumerable.Range(1, runs).Select(seed => (ulong)seed)] };
        var folder = StudyFolder.Create(path);
        var plan = StudyPlan.Of(asked, _data, Components.Standard);
        folder.Begin(plan, _data.Record, new(), StudyFolder.StaleSeconds, TimeProvider.System);

        var began = Stopwatch.GetTimestamp();
        var published = new int[Workers];
        Thread[] workers = [.. Enumerable.Range(0, Workers).Select(worker => new Thread(() => published[worker] = Work(folder, plan)))];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        var claim = Stopwatch.GetElapsedTime(began).TotalSeconds;

        began = Stopwatch.GetTimestamp();
        var study = folder.Read(asked, withRecords: true);
        var list = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var isOnce = published.Sum() == runs && study.Runs.All(run => run.Record is not null);
        Directory.Delete(path, recursive: true);
        return (claim, list, isOnce);
    }

    private static int Work(StudyFolder folder, StudyPlan plan)
    {
        using var files = new StudyFiles(folder.Place);
        var board = new ClaimBoard(files, plan.Names, TimeSpan.FromSeconds(StudyFolder.StaleSeconds), TimeProvider.System);
        board.Look();
        var published = 0;
        while (board.TryNext() is { } claim)
        {
            using (claim)
            {
                var run = plan[claim.Name.Run];
                var attempt = files.MakeAttempt(claim.Attempt);
                var record = new RunRecord { Rule = run.Rule, Seed = run.Seed, Status = RunStatus.Completed, Identity = run.Name };
                attempt.In("weights.npz").Write(_ => { });
                attempt.In("run.json").Write(file => file.Write(JsonSerializer.SerializeToUtf8Bytes(record, ExperimentJson.Line)));
                published += claim.Publish() ? 1 : 0;
                board.Note(claim, isDone: true);
            }
        }

        return published;
    }
}
