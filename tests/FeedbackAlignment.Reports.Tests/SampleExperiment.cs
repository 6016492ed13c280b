using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Reports.Tests;

/// <summary>Experiments that never ran but look as if they had: plausible curves, the same every time.</summary>
internal static class SampleExperiment
{
    private const int Train = 10_000;
    private static readonly string[] _layers = ["hidden1", "hidden2"];

    public static ExperimentRecord Digits(IReadOnlyList<string>? rules = null, int seeds = 3, string? name = null)
    {
        var defaults = new ExperimentSpec();
        var spec = defaults with
        {
            Name = name ?? defaults.Name,
            Rules = rules ?? defaults.Rules,
            Seeds = [.. Enumerable.Range(1, seeds).Select(seed => (ulong)seed)],
            Network = defaults.Network with { Layers = "784-200-100-10" },
            Loss = "softmax-cross-entropy",
            Optimizer = new OptimizerSpec { LearningRate = 0.05f, Momentum = 0.9f },
        };
        return Experiment(spec, "digits drawn from seed 1", classification: true);
    }

    public static ExperimentRecord Regression() => Experiment(
        new ExperimentSpec { Name = "A tanh teacher", Loss = "squared-error", Network = new NetworkSpec { Layers = "30-20-10-10" } },
        "answers of a random 30-20-10-10 tanh network",
        classification: false);

    /// <summary>The experiment with some runs replaced.</summary>
    public static ExperimentRecord With(this ExperimentRecord experiment, Func<RunRecord, bool> which, Func<RunRecord, RunRecord> change) =>
        experiment with { Runs = [.. experiment.Runs.Select(run => which(run) ? change(run) : run)] };

    public static RunRecord Diverge(RunRecord run) => Stop(run, RunStatus.Diverged, "the loss rose to 3.1e+07 at step 512", 60_000) with { TestError = null, ValidationError = null };

    public static RunRecord Cancel(RunRecord run) => Stop(run, RunStatus.Cancelled, "stopped by the user (Ctrl-C)", 100_000);

    private static RunRecord Stop(RunRecord run, RunStatus status, string reason, long at) => run with
    {
        Status = status,
        Reason = reason,
        Examples = at,
        Epochs = (double)at / Train,
        Curve = [.. run.Curve.Where(point => point.Examples <= at).Select(point => status == RunStatus.Diverged && point.Examples == at
            ? point with { TrainLoss = double.NaN, ValidationLoss = double.PositiveInfinity, ValidationError = 0.9 } : point)],
        Alignment = [.. run.Alignment.Where(record => record.Examples <= at)],
        AlignmentAngles = run.AlignmentAngles.ToDictionary(layer => layer.Key, layer => (IReadOnlyList<AngleRecord>)[.. layer.Value.Where(angle => angle.Examples <= at)]),
    };

    private static ExperimentRecord Experiment(ExperimentSpec spec, string description, bool classification) => new()
    {
        Spec = spec,
        Rules = RuleRecords.Of(spec, RuleCatalog.Standard),
        Data = new DataRecord { Description = description, Train = Train, Validation = 2000, Test = 5000, Inputs = classification ? 784 : 30, Outputs = 10, Classification = classification },
        Environment = new EnvironmentRecord
        {
            Version = "0.1.0",
            Runtime = ".NET 10.0.1",
            System = "Debian GNU/Linux 12",
            Architecture = "X64",
            Processors = 2,
            VectorBits = 512,
            Started = new DateTimeOffset(2026, 11, 1, 9, 30, 0, TimeSpan.Zero),
        },
        Runs = [.. spec.Rules.SelectMany(rule => spec.Seeds.Select(seed => Run(rule, seed, classification)))],
    };

    private static RunRecord Run(string rule, ulong seed, bool classification)
    {
        var random = new Random((int)seed + (1000 * rule.Length));
        double Jitter(double width) => 1 + (width * ((2 * random.NextDouble()) - 1));
        var (start, floor, pace) = classification
            ? (0.9, rule switch { "backpropagation" => 0.021, "feedback-alignment" => 0.023, "direct-feedback-alignment" => 0.0245, _ => 0.087 }, 9000.0)
            : (1.02, rule switch { "backpropagation" => 2.2e-3, "feedback-alignment" => 2.4e-3, "direct-feedback-alignment" => 3.1e-3, _ => 0.131 }, 25000.0);
        floor *= Jitter(0.06);
        var evaluations = Enumerable.Range(0, 21).Select(epoch => (long)epoch * Train).ToList();
        List<CurveRecord> curve =
        [
            .. evaluations.Select(examples =>
            {
                var error = floor + ((start - floor) * Math.Pow(1 + (examples / pace), -2.4) * Jitter(0.12));
                return new CurveRecord(examples, (double)examples / Train, examples == 0 ? null : 1.9 * error * Jitter(0.1), 2.3 * error, error, 0.1);
            }),
        ];
        var moments = new long[] { 0, 64, 128, 256, 512, 1024, 2048, 4096, 8192 }.Concat(evaluations.Skip(1)).ToList();
        List<AlignmentRecord> alignment = [.. moments.SelectMany(examples => _layers.Append("output").Select(layer => Measure(rule, layer, examples, Jitter)))];
        return new RunRecord
        {
            Rule = rule,
            Seed = seed,
            Status = RunStatus.Completed,
            Epochs = 20,
            Examples = 200_000,
            TrainLoss = curve[^1].TrainLoss,
            ValidationError = curve[^1].ValidationError,
            TestError = curve[^1].ValidationError * Jitter(0.05),
            KeptAtExamples = 190_000,
            Seconds = 4.2 * Jitter(0.2),
            Curve = curve,
            Alignment = alignment,
            AlignmentAngles = _layers.ToDictionary(layer => layer, layer => (IReadOnlyList<AngleRecord>)
                [.. alignment.Where(record => record.Layer == layer).Select(record => new AngleRecord(record.Examples, record.ErrorAngle))]),
        };
    }

    private static AlignmentRecord Measure(string rule, string layer, long examples, Func<double, double> jitter)
    {
        if (rule == "backpropagation" || layer == "output")
        {
            return new AlignmentRecord { Examples = examples, Layer = layer, ErrorAngle = layer == "output" ? null : 0, GradientAngle = 0, GradientNormRatio = 1 };
        }

        if (rule == "shallow")
        {
            return new AlignmentRecord { Examples = examples, Layer = layer };
        }

        var end = (layer, rule) switch { ("hidden2", _) => 31, (_, "feedback-alignment") => 48, _ => 57 };
        var angle = end + ((90 - end) / (1 + Math.Pow(examples / 900.0, 0.9)));
        return new AlignmentRecord
        {
            Examples = examples,
            Layer = layer,
            ErrorAngle = angle * jitter(0.03),
            ErrorAngleDeviation = 6,
            ErrorNormRatio = 2.2 * Math.Pow(1 + (examples / 2000.0), -0.3) * jitter(0.05),
            PositiveShare = Math.Min(1, (0.5 + (0.5 * (1 - Math.Exp(-examples / 700.0)))) * jitter(0.02)),
            GradientAngle = (angle + 4) * jitter(0.03),
            GradientNormRatio = 1.8 * Math.Pow(1 + (examples / 2000.0), -0.2) * jitter(0.05),
            BiasGradientAngle = (angle + 2) * jitter(0.05),
            WeightAngle = (52 + (38 / (1 + (examples / 4000.0)))) * jitter(0.02),
            WeightNormRatio = (1 + (0.25 * Math.Log10(1 + examples))) * jitter(0.02),
        };
    }
}
