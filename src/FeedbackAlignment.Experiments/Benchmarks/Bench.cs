using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Benchmarks;

/// <summary>
/// Times steps of training and, in the same rounds, the two limits they are held against: the peak of multiply-adds, and one
/// read-modify-write of the weights' bytes.
/// </summary>
/// <param name="plan">What to time.</param>
/// <param name="clock">Measures.</param>
public sealed class Bench(BenchPlan plan, TimeProvider clock)
{
    /// <summary>Measures. Takes a little longer than the plan's warm-up and measuring together.</summary>
    /// <param name="progress">Receives the share that is done, 0 … 1.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public BenchRecord Run(Action<double> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var teams = Threads().Select(threads => new ThreadTeam(threads)).ToArray();
        try
        {
            PeakTask[] peaks = [.. teams.Select(team => new PeakTask(team.Calibration))];
            PassTask[] passes = [.. WithPass().SelectMany(workload => Teams(teams, workload), Pass)];
            BenchCase[] cases = [.. plan.Workloads.SelectMany(workload => Cases(workload, teams, cancellation))];
            var tasks = peaks.Concat<TimedTask>(passes).Concat(cases.Select(one => one.Task)).ToArray();
            var timings = new InterleavedTimer(clock, plan.Times).Measure(tasks, progress, cancellation);
            var results = new BenchResults(tasks.Zip(timings).ToDictionary(pair => pair.First, pair => pair.Second), peaks, passes, cases);
            return new BenchRecord
            {
                Machine = results.Machine(ThisMachine.Describe(clock)),
                Cases = [.. cases.Select(results.Case)],
            };
        }
        finally
        {
            foreach (var team in teams)
            {
                team.Dispose();
            }
        }
    }

    /// <summary>
    /// One workload of each network whose limit is a pass over its weights, and in any case the first, which shows the machine.
    /// </summary>
    private IEnumerable<BenchWorkload> WithPass()
        => plan.Workloads.Take(1).Concat(plan.Workloads.Where(workload => workload.Limit == StepLimit.Memory))
            .DistinctBy(one => one.Network);

    private int[] Threads() => plan.Threads == 1 ? [1] : [1, plan.Threads];

    private static IEnumerable<ThreadTeam> Teams(ThreadTeam[] teams, BenchWorkload workload) => workload.OneThread ? teams.Take(1) : workload.SideBySide ? teams.TakeLast(1) : teams;

    private static PassTask Pass(BenchWorkload workload, ThreadTeam team)
        => new(team.Calibration, workload.Network, StepCost.WeightBytes(NetworkPlan.Parse(workload.Network)));

    private static IEnumerable<BenchCase> Cases(BenchWorkload workload, ThreadTeam[] teams, CancellationToken cancellation)
    {
        var shape = NetworkPlan.Parse(workload.Network);
        var batches = RandomBatches.Draw(shape.Inputs, shape.Outputs, workload.Batch, workload.InputShare);
        foreach (var team in Teams(teams, workload))
        {
            foreach (var rule in BenchRules.All)
            {
                cancellation.ThrowIfCancellationRequested();
                yield return workload.SideBySide
                    ? new BenchCase(workload, rule, team.Compute.Threads, SideBySide(workload, rule, batches, team.Compute.Threads)) { Runs = team.Compute.Threads }
                    : new BenchCase(workload, rule, team.Compute.Threads, new TrainingTask(new TrainingSession(workload, rule, team.Compute), batches));
            }
        }
    }

    /// <summary>Each run has a <see cref="Compute"/> of its own, of one thread, as in an experiment: none waits for another.</summary>
    private static SideBySideTask SideBySide(BenchWorkload workload, string rule, IReadOnlyList<Batch> batches, int runs)
        => new([.. Enumerable.Range(0, runs).Select(_ => new TrainingTask(new TrainingSession(workload, rule, new Compute()), batches))]);

    /// <summary>As many threads for the steps as for the limits.</summary>
    private sealed class ThreadTeam(int threads) : IDisposable
    {
        public Compute Compute { get; } = new(threads);

        public Calibration Calibration { get; } = new(threads);

        public void Dispose()
        {
            Compute.Dispose();
            Calibration.Dispose();
        }
    }
}
