using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>Fills in the defaults that depend on the data or on other settings, so that a recorded spec leaves nothing open.</summary>
public static class SpecCompletion
{
    /// <summary>The hidden layers of a spec that names none.</summary>
    internal const string HiddenLayers = "200-100";

    private const double Epochs = 20;

    /// <summary>The spec with nothing left to choose.</summary>
    /// <param name="asked">A valid spec.</param>
    /// <param name="data">The data it has named.</param>
    /// <param name="components">What it can name.</param>
    /// <exception cref="SpecException">The spec does not fit the data or the weights it begins with; it has all the mistakes.</exception>
    /// <exception cref="DataSourceException">The file with those weights cannot be read.</exception>
    /// <exception cref="DataFormatException">The file with those weights is damaged.</exception>
    public static ExperimentSpec Complete(ExperimentSpec asked, DataRecord data, Components components)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(components);
        var leavesInput = asked.Network.Layers is { } text && NetworkPlan.LeavesInput(text);
        asked = OpenNetworks.Close(asked, data.InputShape, data.Outputs, components, out var misfit);
        if (misfit is not null)
        {
            throw new SpecException([new("network.layers", misfit)]);
        }

        var given = GivenWeights.Of(asked.Network, components);
        CarriedState.Require(asked, given, components);
        asked = asked with
        {
            Network = asked.Network with
            {
                Layers = asked.Network.Layers ?? given?.Plan.ToString(),
                Initialization = asked.Network.Initialization with { Sha256 = given?.Sha256 },
            },
        };

        var problems = SpecValidator.ValidateForData(asked, data.InputShape, data.Outputs, data.Classification, components);
        if (problems.Count == 0 && leavesInput)
        {
            // What depends on the shape of the data was left out of the checks before there was one.
            problems = SpecValidator.Validate(asked, components);
        }

        if (TotalExamples(asked.Training, data.Train) is var examples && asked.Optimizer.Schedule.WarmUpExamples > examples)
        {
            problems = [.. problems, new("optimizer.schedule.warmUpExamples", $"must be ≤ the {examples} examples of the training, was {asked.Optimizer.Schedule.WarmUpExamples}")];
        }

        var layers = asked.Network.Layers ?? $"{data.Inputs}-{HiddenLayers}-{data.Outputs}";
        if (problems.Count == 0)
        {
            var plan = NetworkPlan.Parse(layers, components.Parts);

            // Modules are recorded in one way, however they were written.
            layers = plan.HasActivations ? plan.ToString() : layers;
            problems =
            [
                .. PlanChecks.OfBatches(asked, plan, data.Train, data.Validation), .. PlanChecks.OfConvolutions(asked, plan, components),
                .. RunMemory.Check(asked, plan, components),
            ];
        }

        if (problems.Count > 0)
        {
            throw new SpecException([.. problems]);
        }

        var complete = RuleNames.Canonical(asked, components.Rules, new SpecProblems()) with
        {
            Data = asked.Data with { Train = data.Train, Validation = data.Validation, Test = data.Test },
            Network = asked.Network with { Layers = layers },
            Loss = asked.Loss ?? Loss.Default(
                data.Classification, Activation.FromId(asked.Network.OutputId(components), components.Activations)).Id,
            Feedback = asked.Feedback with { Sha256 = GivenFeedback.Of(asked.Feedback)?.Sha256 },
            Optimizer = asked.Optimizer with
            {
                LearningRate = asked.Optimizer.LearningRateOrDefault(components, data.Classification),
                WeightDecay = asked.Optimizer.WeightDecayOrDefault(components),
            },
            Training = asked.Training with
            {
                Epochs = GivenExamples(asked.Training) is null ? asked.Training.Epochs ?? Epochs : null,
                EvaluateEvery = asked.Training.EvaluateEvery ?? data.Train,
                MeasureEvery = asked.Training.MeasureEvery ?? data.Train,
                MeasureExamples = Math.Min(asked.Training.MeasureExamples, data.Validation),
            },
        };
        problems = [.. RuleTrials.Of(complete, components)];
        return problems.Count > 0 ? throw new SpecException([.. problems]) : complete;
    }

    /// <summary>Examples that a run learns from, if the spec counts them itself, altogether or phase by phase.</summary>
    /// <param name="training">A valid spec's.</param>
    internal static long? GivenExamples(TrainingSpec training) => training.Phases?.Sum(phase => phase.Examples) ?? training.Examples;

    /// <summary>Examples that a run learns from.</summary>
    /// <param name="training">A complete spec's.</param>
    /// <param name="trainExamples">Training examples there are.</param>
    internal static long TotalExamples(TrainingSpec training, int trainExamples)
        => GivenExamples(training) ?? Math.Max(1, (long)Math.Round((training.Epochs ?? Epochs) * trainExamples));
}
