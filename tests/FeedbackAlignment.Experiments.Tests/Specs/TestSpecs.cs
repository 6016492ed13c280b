using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Tests.Specs;

/// <summary>What several tests of specs need.</summary>
internal static class TestSpecs
{
    /// <summary>Few rules, so that messages list them.</summary>
    public static readonly Components Components = new()
    {
        Rules = new RuleCatalog(
            ((string[])["backpropagation", "feedback-alignment", "direct-feedback-alignment", "shallow", "node-perturbation"])
                .Select(RuleCatalog.Standard.Get)),
    };

    /// <summary>A spec in which nothing has its default and every number needs all its digits.</summary>
    public static ExperimentSpec Unusual { get; } = new()
    {
        Format = 1,
        Name = "± 0.1 \"quoted\" </script>",
        Rules = ["shallow", "feedback-alignment"],
        Seeds = [ulong.MaxValue, 0],
        Data = new()
        {
            Source = DataSourceIds.TeacherTanh,
            Train = 1,
            Validation = 2,
            Test = int.MaxValue,
            InputScale = float.Epsilon,
            Seed = 7,
            Teacher = "3-2",
            TeacherScale = 1 / 3f,
            Target = ["a b", "ü"],
            Task = TaskIds.Regress,
            Ignore = ["id"],
            Categorical = ["zip"],
            Header = true,
            Separator = "\t",
            DecimalSeparator = DecimalIds.Comma,
            Missing = MissingIds.Mean,
            Unseen = UnseenIds.Zeros,
            Standardize = StandardizeIds.None,
            Scale = [-1 / 3f, 255],
            Group = "patient",
            Resize = "32x48",
        },
        Network = new()
        {
            Layers = "3-4-2",
            Activation = Activation.Logistic.Id,
            OutputActivation = Activation.Tanh.Id,
            Bias = false,
            Initialization = new()
            {
                Scheme = "uniform",
                Scale = 0.1f,
                From = "a b/ü.safetensors",
                Sha256 = new string('f', 64),
                Carries = CarriedIds.Rule,
            },
            Connections = new Dictionary<string, ConnectionsSpec> { ["hidden1"] = new() { Share = 1 / 3.0 }, ["output"] = new() { InputsPerUnit = 4 } },
        },
        Loss = "squared-error",
        Feedback = new()
        {
            Scheme = "normal",
            Scale = float.MaxValue,
            Normalization = FeedbackNormalizationIds.ErrorNorm,
            Share = 0.1,
            Sites = FeedbackSiteIds.Block,
            Seed = 5
        },
        Optimizer = new()
        {
            LearningRate = 1e-3f,
            Momentum = MathF.BitDecrement(1),
            Nesterov = true,
            Rho = 0.1f,
            Beta1 = 0.2f,
            Beta2 = 0.3f,
            Epsilon = 1e-7f,
            WeightDecay = 1e-6f,
            WeightDecayMode = WeightDecayIds.PerStep,
            ClipNorm = 0.25f,
            Schedule = new() { Kind = ScheduleIds.Step, WarmUpExamples = 3, Factor = 0.7f, StepExamples = long.MaxValue },
        },
        Training = new()
        {
            Epochs = 1 / 3.0,
            BatchSize = 1,
            Keep = KeepIds.Last,
            Patience = 4,
            EvaluateEvery = 5,
            EarlyEvaluations = 3,
            MeasureEvery = 7,
            MeasureExamples = 9,
            MeasurePseudobackprop = true,
            MeasureNorms = true,
            Snapshots = SnapshotIds.Ends,
            Threads = 2
        },
        RuleSettings = new Dictionary<string, RuleSettings> { ["shallow"] = new() { LearningRate = 0.3f }, ["feedback-alignment"] = new() { FeedbackScale = 2 } },
        Tuning = new()
        {
            Method = TuningMethodIds.SuccessiveHalving,
            Trials = 5,
            Seed = 9,
            TrialSeeds = [8, 4],
            FinalSeeds = [10, 6],
            Eta = 2,
            Rungs = 4,
            Space = new Dictionary<string, RangeSpec> { ["learningRate"] = new() { From = 1 / 3.0, To = 0.5, Scale = RangeScaleIds.Linear } },
            Rules = new Dictionary<string, RuleTuningSpec> { ["shallow"] = new() { Space = new Dictionary<string, RangeSpec> { ["learningRate"] = new() { From = 0.1, To = 0.7 } } } },
        },
    };

    public static IReadOnlyList<SpecProblem> Problems(string json)
        => Assert.Throws<SpecException>(() => SpecReader.Read(json, Components)).Problems;
}
