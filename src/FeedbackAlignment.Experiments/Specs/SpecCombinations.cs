using FeedbackAlignment.Catalogs;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>
/// The mistakes that lie between values that are right by themselves. A combination is judged only where its values are.
/// </summary>
internal static class SpecCombinations
{
    public static void Check(ExperimentSpec spec, Components components, SpecProblems problems)
    {
        CheckLoss(spec, components, problems);
        CheckNetwork(spec, components, problems);
        CheckInitialization(spec, problems);
        CheckGivenFeedback(spec, problems);
        CheckConnections(spec.Network, components, problems);
        PlanChecks.Check(spec, components, problems);
        FeedbackChecks.Check(spec, components, problems);
        SpikingChecks.Check(spec, components, problems);
        CheckData(spec, components, problems);
        CheckOptimizer(spec, components, problems);
        CheckSchedule(spec, problems);
        CheckTraining(spec, problems);
        RecipeChecks.Check(spec, components, problems);
        CheckGroups(spec, problems);
        PhaseChecks.Check(spec, components, problems);
        MixtureChecks.Check(spec, components, problems);
        CheckRuleSettings(spec, components, problems);
        LearnedFeedbackChecks.Check(spec, components, problems);
        TuningChecks.Check(spec, components, problems);
        StudyChecks.Check(spec, problems);
    }

    /// <summary>Network and loss against the sizes and the kind of the data.</summary>
    public static void CheckData(
        ExperimentSpec spec, Shape inputs, int outputs, bool classification, Components components, SpecProblems problems)
    {
        if (problems.Sound("network.layers") && spec.Network.Layers is not null)
        {
            spec = OpenNetworks.Close(spec, inputs, outputs, components, out var mistake);
            if (mistake is not null)
            {
                problems.Add("network.layers", mistake);
            }
        }

        if (problems.Sound("network.layers") && spec.Network.Layers is not null)
        {
            var plan = spec.Network.Plan(components);
            var right = plan.WithEnds(plan.Input.IsPicture ? inputs : Shape.Flat(inputs.Size), outputs);
            if (plan.Input.IsPicture && inputs.IsPicture && plan.Input != inputs)
            {
                problems.Add("network.layers", $"the network takes pictures of {plan.Input}, but the data have {inputs}; write {right}");
            }
            else if (plan.Inputs != inputs.Size)
            {
                problems.Add(
                    "network.layers", $"the first layer is {plan.Inputs} wide, but the data have {inputs.Size} inputs; write {right}");
            }
            else if (plan.Outputs != outputs)
            {
                problems.Add("network.layers",
                    $"the last layer is {plan.Outputs} wide, but the data have {outputs} {(classification ? "classes" : "targets")}; "
                    + $"write {right}");
            }
        }

        if (problems.Sound("loss") && !classification && LossOf(spec, components) is { NeedsClasses: true } loss)
        {
            problems.Add("loss", $"{loss} needs class labels, but the targets of these data are numbers; write {Loss.SquaredError}");
        }

        LabelChecks.Check(spec, inputs.Size, outputs, classification, components, problems);
        RecipeChecks.CheckData(spec, inputs, classification, components, problems);
    }

    private static void CheckLoss(ExperimentSpec spec, Components components, SpecProblems problems)
    {
        if (!problems.Sound("loss", "network.outputActivation") || LossOf(spec, components) is not { } loss)
        {
            return;
        }

        if (Objection(loss, spec.Network.OutputActivation, components) is { } objection)
        {
            problems.Add("network.outputActivation", loss.HasProbabilities
                ? $"must be {Activation.Linear} with {loss}, which includes its own activation; was "
                    + $"{ForeignText.Quoted(spec.Network.OutputActivation)}"
                : $"does not suit {loss}: {objection}");
        }
        else if (problems.Sound("network.layers") && Objection(loss, spec.Network.OutputId(components), components) is { } ofPlan)
        {
            problems.Add("network.layers", loss.HasProbabilities
                ? $"must end with dense {spec.Network.Plan(components).Outputs} alone with {loss}, which includes its own activation; was "
                    + $"{spec.Network.OutputId(components)}"
                : $"do not suit {loss}: {ofPlan}");
        }

        if (problems.Sound("network.layers") && spec.Network.Layers is not null
            && loss.Objection(spec.Network.Plan(components).Outputs) is { } few)
        {
            problems.Add("network.layers", few);
        }
    }

    /// <summary>The loss that a spec names, right or not; null: none.</summary>
    private static Loss? LossOf(ExperimentSpec spec, Components components) => spec.Loss is { } id ? components.Losses.Find(id) : null;

    private static string? Objection(Loss loss, string activation, Components components)
        => loss.Objection(Activation.FromId(activation, components.Activations));

    private static void CheckNetwork(ExperimentSpec spec, Components components, SpecProblems problems)
    {
        if (problems.Sound("network")
            && spec.Network is { Initialization: { Scheme: var scheme, From: null } } && components.Initializations.Get(scheme).IsZero
            && spec.Network.Plan(components) is var plan && HasHiddenRelu(spec.Network, plan))
        {
            problems.Add("network.initialization.scheme",
                "zero weights under relu never learn because all units stay at 0; choose another scheme or another activation");
        }
    }

    /// <summary>What rules and modules say of groups, <see cref="Runs.RuleTrials"/> asks them.</summary>
    private static void CheckGroups(ExperimentSpec spec, SpecProblems problems)
    {
        if (problems.Sound("training.groups", "training.batchSize") && spec.Training is { } training
            && training.Groups > training.BatchSize)
        {
            problems.Add("training.groups",
                $"must be ≤ training.batchSize ({training.BatchSize}), or a group would never have an example; was {training.Groups}");
        }
    }

    private static bool HasHiddenRelu(NetworkSpec network, NetworkPlan plan) => plan.HasActivations
        ? plan.Layers.SkipLast(1).Any(layer => layer.Activation == Activation.Relu)
            || plan.Nodes.Any(node => node is ActivationNode { Activation: var activation } && activation == Activation.Relu)
        : network.Activation == Activation.Relu.Id && plan.HiddenLayers > 0;

    private static void CheckInitialization(ExperimentSpec spec, SpecProblems problems)
    {
        if (problems.Sound("network.initialization") && spec.Network?.Initialization is { From: null, Sha256: not null })
        {
            problems.Add("network.initialization.sha256", "needs network.initialization.from, the file that it belongs to");
        }

        if (problems.Sound("network.initialization") && spec.Network?.Initialization is { From: null, Carries: not CarriedIds.Weights } initialization)
        {
            problems.Add("network.initialization.carries",
                $"must be {CarriedIds.Weights} without network.initialization.from, the file to take it from; was "
                + $"{initialization.Carries}");
        }
    }

    private static void CheckGivenFeedback(ExperimentSpec spec, SpecProblems problems)
    {
        if (!problems.Sound("feedback") || spec.Feedback is not { } feedback)
        {
            return;
        }

        if (feedback is { From: null, Sha256: not null })
        {
            problems.Add("feedback.sha256", "needs feedback.from, the file that it belongs to");
        }

        if (feedback is { From: not null, Regenerate: true })
        {
            problems.Add("feedback.regenerate", "must be false with feedback.from: weights of a file cannot be drawn again from a seed");
        }

        if (feedback.From is not null && spec.Network?.Initialization?.Carries is { } carries and not CarriedIds.Weights)
        {
            problems.Add("feedback.from",
                $"cannot be combined with network.initialization.carries = {carries}, which takes feedback weights from another file");
        }
    }

    private static void CheckConnections(NetworkSpec network, Components components, SpecProblems problems)
    {
        if (!problems.Sound("network.layers") || network?.Connections is not { Count: > 0 } connections)
        {
            return;
        }

        if (network.Layers is null)
        {
            problems.Add("network.connections", "needs network.layers, which defines the layers, e.g. 784-1000-10");
            return;
        }

        var plan = network.Plan(components);
        string[] names = [.. plan.LayerNames];
        foreach (var (layer, connection) in connections)
        {
            var path = $"network.connections.{SpecProblem.Key(layer)}";
            var index = Array.IndexOf(names, layer);
            if (index < 0)
            {
                problems.Add(path, $"there is no such layer; the layers of {network.Layers} are {string.Join(", ", names)}");
            }
            else if (problems.Sound(path))
            {
                var inputs = NetworkPlan.LeavesInput(network.Layers) ? int.MaxValue : plan.Layers[index].Columns;
                CheckConnections(connection, inputs, layer, path, problems);
            }
        }
    }

    private static void CheckConnections(ConnectionsSpec connections, int inputs, string layer, string path, SpecProblems problems)
    {
        switch (connections)
        {
            case { Share: null, InputsPerUnit: null }:
                problems.Add(path, "give share (of all connections) or inputsPerUnit");
                break;
            case { Share: not null, InputsPerUnit: not null }:
                problems.Add($"{path}.inputsPerUnit", "cannot be combined with share; keep one of the two");
                break;
            case { InputsPerUnit: { } perUnit } when perUnit > inputs:
                problems.Add($"{path}.inputsPerUnit", $"must be ≤ {inputs}, the inputs of {layer}, was {perUnit}");
                break;
        }
    }

    private static void CheckData(ExperimentSpec spec, Components components, SpecProblems problems)
    {
        CheckScale(spec.Data, problems);
        if (!problems.Sound("data.source", "data.teacher"))
        {
            return;
        }

        switch (spec.Data.Source, spec.Data.Teacher)
        {
            case (DataSourceIds.TeacherLinear, { } teacher) when Network.ParseSizes(teacher).Length > 2:
                problems.Add("data.teacher", $"a linear teacher has two sizes, e.g. {DataSources.LinearSizes}, was {ForeignText.Quoted(teacher)}");
                break;
            case (DataSourceIds.TeacherLinear, var teacher):
                CheckTeacher(spec, teacher ?? DataSources.LinearSizes, components, problems);
                break;
            case (DataSourceIds.TeacherTanh, var teacher):
                CheckTeacher(spec, teacher ?? DataSources.TanhSizes, components, problems);
                break;
            case (_, not null):
                problems.Add("data.teacher", $"must be left out with {ForeignText.Quoted(spec.Data.Source)}, which has no teacher");
                break;
            case (var source, _) when OpenNetworks.Known(source) is var (inputs, outputs):
                CheckData(spec, inputs, outputs, classification: true, components, problems);
                break;
        }
    }

    private static void CheckScale(DataSpec data, SpecProblems problems)
    {
        if (!problems.Sound("data.scale", "data.standardize") || data.Scale is not { } scale)
        {
            return;
        }

        if (scale is not [var from, var to] || !(from < to))
        {
            problems.Add("data.scale", $"must be two numbers, the one that becomes 0 and a greater one that becomes 1, e.g. [0, 255]; was [{string.Join(", ", scale.Select(number => Display.Value(number)))}]");
        }
        else if (data.Standardize is not (null or StandardizeIds.None))
        {
            problems.Add("data.scale", $"must be left out with data.standardize \"{data.Standardize}\", which sets the scale of every column itself");
        }
    }

    private static void CheckTeacher(ExperimentSpec spec, string sizes, Components components, SpecProblems problems)
    {
        var widths = Network.ParseSizes(sizes);
        CheckData(spec, Shape.Flat(widths[0]), widths[^1], classification: false, components, problems);
    }

    private static void CheckOptimizer(ExperimentSpec spec, Components components, SpecProblems problems)
    {
        var optimizer = spec.Optimizer;
        if (problems.Sound("optimizer.kind", "optimizer.momentum", "optimizer.nesterov"))
        {
            var entry = components.Optimizers.Get(optimizer.Kind);
            string[] with = [.. components.Optimizers.Entries.Where(other => other.HasMomentum).Select(other => other.Id)];
            if (!entry.HasMomentum && optimizer.Momentum > 0)
            {
                problems.Add(
                    "optimizer.momentum",
                    $"only {string.Join(" and ", with)} have momentum; must be 0 with {optimizer.Kind}, "
                    + $"was {Display.Value(optimizer.Momentum)}");
            }

            if (optimizer.Nesterov && (!entry.HasMomentum || optimizer.Momentum == 0))
            {
                problems.Add("optimizer.nesterov", $"needs {string.Join(" or ", with)} with a momentum > 0, e.g. 0.9");
            }
        }

        if (problems.Sound("optimizer.kind", "optimizer.options"))
        {
            CheckOptions(
                optimizer.Kind, components.Optimizers.Get(optimizer.Kind).Options, optimizer.Options ?? new Dictionary<string, double>(),
                "optimizer.options", problems);
        }

        if (problems.Sound("optimizer") && optimizer.WeightDecayMode == WeightDecayIds.Coupled
            && components.Optimizers.Get(optimizer.Kind).CoupledDecay(optimizer.Setup()) == CoupledDecaySupport.Refused)
        {
            problems.Add("optimizer.weightDecayMode", Optimizer.RefusalOfCoupledDecay(optimizer.Kind));
        }

        if (problems.Sound("optimizer.kind", "optimizer.weightDecay", "optimizer.weightDecayMode", "optimizer.learningRate"))
        {
            var timesRate = optimizer.DecaysTimesTheRate;
            var share = optimizer.WeightDecayOrDefault(components) * (timesRate ? HighestRate(spec, components) : 1);
            if (share >= 1)
            {
                problems.Add("optimizer.weightDecay",
                    $"{(timesRate ? "times learningRate " : "")}must be < 1, or one step removes all weights; was {Display.Value(share)}");
            }
            else if (problems.Sound("optimizer.feedback")
                && optimizer.FeedbackWeightDecay(components) * (timesRate ? HighestRate(spec, components, ofFeedback: true) : 1)
                    is >= 1 and var own)
            {
                problems.Add("optimizer.feedback.weightDecay",
                    $"{(timesRate ? "times learningRate and learningRateFactor " : "")}must be < 1, or one step removes all feedback "
                    + $"weights; was {Display.Value(own)}");
            }
        }
    }

    private static void CheckSchedule(ExperimentSpec spec, SpecProblems problems)
    {
        if (problems.Sound("optimizer.schedule.warmUpExamples", "training.examples", "training.phases")
            && SpecCompletion.GivenExamples(spec.Training) is { } examples && spec.Optimizer.Schedule.WarmUpExamples > examples)
        {
            problems.Add("optimizer.schedule.warmUpExamples", $"must be ≤ {(spec.Training.Phases is null ? "training.examples" : "the examples of all training.phases")} ({examples}), was {spec.Optimizer.Schedule.WarmUpExamples}");
        }

        if (!problems.Sound("optimizer.schedule"))
        {
            return;
        }

        switch (spec.Optimizer.Schedule)
        {
            case { Kind: ScheduleIds.Step, StepExamples: null }:
                problems.Add("optimizer.schedule.stepExamples", "step needs the number of examples between two steps");
                break;
            case { Kind: not ScheduleIds.Step, StepExamples: not null } schedule:
                problems.Add("optimizer.schedule.stepExamples", $"must be left out with the schedule {schedule.Kind}; only {ScheduleIds.Step} has steps");
                break;
            case { Kind: ScheduleIds.Exponential, Factor: 0 }:
                problems.Add("optimizer.schedule.factor",
                    $"must be > 0 with {ScheduleIds.Exponential}, or the learning rate is 0 from the first step; was 0");
                break;
        }
    }

    private static void CheckTraining(ExperimentSpec spec, SpecProblems problems)
    {
        if (problems.Sound("training.epochs", "training.examples") && spec.Training is { Epochs: not null, Examples: not null })
        {
            problems.Add("training.examples", "cannot be combined with training.epochs; keep one of the two");
        }

        if (problems.Sound("training.measureEvery", "training.measurePseudobackprop") && spec.Training is { MeasureEvery: 0, MeasurePseudobackprop: true })
        {
            problems.Add("training.measurePseudobackprop", "needs measurements, but training.measureEvery is 0; leave one of the two out");
        }

        if (problems.Sound("training.measureEvery", "training.measureNorms") && spec.Training is { MeasureEvery: 0, MeasureNorms: true })
        {
            problems.Add("training.measureNorms", "needs measurements, but training.measureEvery is 0; leave one of the two out");
        }
    }

    private static void CheckRuleSettings(ExperimentSpec spec, Components components, SpecProblems problems)
    {
        foreach (var (id, settings) in spec.RuleSettings ?? new Dictionary<string, RuleSettings>())
        {
            if (components.Rules.Find(id) is { } rule)
            {
                CheckOptions(
                    rule.Id, rule.Options, settings?.Options ?? new Dictionary<string, double>(),
                    $"ruleSettings.{SpecProblem.Key(id)}.options", problems);
            }
        }

        if (!problems.Sound("rules"))
        {
            return;
        }

        var trained = spec.Rules.Concat((spec.Training?.Phases ?? []).Select(phase => phase?.Rule).OfType<string>());
        foreach (var id in spec.RuleSettings?.Keys.Except(trained) ?? [])
        {
            problems.Add($"ruleSettings.{SpecProblem.Key(id)}", "this rule is not among the rules of the spec; add it there or leave its settings out");
        }
    }

    private static void CheckOptions(
        string owner, IReadOnlyList<NumberOption> has, IReadOnlyDictionary<string, double> options, string path, SpecProblems problems)
    {
        string[] known = [.. has.Select(option => option.Id)];
        foreach (var (id, value) in options)
        {
            var at = $"{path}.{SpecProblem.Key(id)}";
            if (has.FirstOrDefault(option => option.Id == id) is { } option)
            {
                if (option.Objection(value) is { } objection)
                {
                    problems.Add(at, objection);
                }
            }
            else
            {
                var hint = DidYouMean.Hint(id, known);
                problems.Add(at, known.Length == 0
                    ? $"{owner} has no options; leave it out"
                    : $"{owner} has no such option{(hint.Length > 0 ? hint : $"; it has {string.Join(", ", known)}")}");
            }
        }
    }

    /// <summary>
    /// The highest learning rate of any rule. Where none is given, the least of the defaults, for which one it will be depends on the
    /// data.
    /// </summary>
    private static float HighestRate(ExperimentSpec spec, Components components, bool ofFeedback = false)
    {
        var shared = spec.Optimizer.LearningRate ?? spec.Optimizer.LearningRateOrDefault(components, classification: false);
        return (spec.RuleSettings?.Values ?? []).Append(null).Max(settings => (settings?.LearningRate ?? shared)
            * (ofFeedback ? settings?.FeedbackLearningRateFactor ?? spec.Optimizer.Feedback.LearningRateFactor : 1));
    }
}
