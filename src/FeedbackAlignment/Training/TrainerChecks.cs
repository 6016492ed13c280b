using System.Globalization;
using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Training;

/// <summary>What must hold before a training begins, each with one line on what does not.</summary>
internal static class TrainerChecks
{
    /// <exception cref="ArgumentException">Examples do not fit the network, or their targets do not suit the loss.</exception>
    public static void Require(DataSplit data, Network network, Loss loss)
    {
        foreach (var (name, examples) in data.Parts)
        {
            examples.Inputs.RequireShape(examples.Count, network.Inputs, nameof(data));
            examples.Targets.RequireShape(examples.Count, network.Outputs, nameof(data));
            for (var example = 0; examples.Labels is null && example < examples.Count; example++)
            {
                if (loss.TargetObjection(examples.Targets.Row(example)) is { } objection)
                {
                    throw new ArgumentException($"the targets of {name} example {example} do not suit {loss}: {objection}", nameof(data));
                }
            }
        }
    }

    /// <exception cref="ArgumentException">The optimizer moves weights differently that must go the same steps.</exception>
    public static void Require(LearningRule rule, Optimizer optimizer)
    {
        foreach (var (feedback, weights) in rule.Ties)
        {
            var (own, forward) = (optimizer.GroupOf(feedback), optimizer.GroupOf(weights));
            if (optimizer is { DecayMode: WeightDecayMode.Coupled, CoupledDecay: CoupledDecaySupport.Nonlinear } && forward.WeightDecay > 0)
            {
                throw new ArgumentException(
                    $"{optimizer.Id} with coupled weight decay takes {feedback.Name} and {weights.Name} different ways: under {rule.Id} "
                    + "they must go the same steps; choose another meaning of the decay, or SGD",
                    nameof(optimizer));
            }

            if ((own.LearningRateFactor, own.WeightDecay) != (forward.LearningRateFactor, forward.WeightDecay))
            {
                throw new ArgumentException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{feedback.Name} must have the learning rate factor and weight decay of {weights.Name}, "
                        + $"{forward.LearningRateFactor} and {forward.WeightDecay}, has {own.LearningRateFactor} and {own.WeightDecay}: "
                        + $"under {rule.Id} it follows them only by the same steps"),
                    nameof(optimizer));
            }
        }
    }

    /// <exception cref="ArgumentException">A batch of a pass over the examples is too small for a module to learn from.</exception>
    public static void Require(TrainingOptions options, DataSplit data, Network network)
    {
        var least = network.Root.LeastBatch;
        var (examples, batch) = (data.Train.Count, Math.Min(options.BatchSize, data.Train.Count));
        var smallest = SmallestBatch(examples, batch, options.Phases?.Select(phase => phase.Examples) ?? [options.Examples]);
        if (smallest < least)
        {
            var which = batch < least ? $"batches of {batch} are too small"
                : examples % batch == smallest
                    ? $"the last batch of each pass over {examples} examples in batches of {batch} has {smallest}"
                : $"the last batch of the training, or of a phase, has {smallest}";
            throw new ArgumentException(
                $"a module of the network learns from at least {least} examples at a time, but {which}; choose another batch size",
                nameof(options));
        }
    }

    /// <summary>The fewest examples that any batch of a training has.</summary>
    /// <param name="examples">Examples there are.</param>
    /// <param name="batchSize">The most in a batch, at most as many.</param>
    /// <param name="phases">Examples to learn from in each phase; a batch ends where a phase or a pass does.</param>
    public static int SmallestBatch(int examples, int batchSize, IEnumerable<long> phases)
    {
        var (smallest, next) = (batchSize, 0);
        foreach (var phase in phases)
        {
            // The rest of the pass that is under way, a whole pass if there is one, and the beginning of the last.
            var rest = Math.Min(phase, examples - next);
            var whole = (phase - rest) / examples;
            foreach (var row in (long[])[rest, whole > 0 ? examples : 0, (phase - rest) % examples])
            {
                smallest = row % batchSize is > 0 and var left ? Math.Min(smallest, (int)left) : smallest;
            }

            next = (int)((next + phase) % examples);
        }

        return smallest;
    }

    /// <exception cref="ArgumentException">Options ask for what the examples cannot give, or do not go together.</exception>
    public static void Require(TrainingOptions options, DataSplit data)
    {
        if (options.Keep == KeptWeights.BestOnValidation && !data.HasValidation)
        {
            throw new ArgumentException(
                $"there are no validation examples to choose the best weights by; give some, or set {nameof(TrainingOptions.Keep)} to {nameof(KeptWeights)}.{nameof(KeptWeights.Last)}", nameof(options));
        }

        if (options.Patience is not { } patience)
        {
            return;
        }

        if (patience < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(options), patience, $"{nameof(TrainingOptions.Patience)} must be at least 1 evaluation, or null to never stop early");
        }

        if (!data.HasValidation)
        {
            throw new ArgumentException($"{nameof(TrainingOptions.Patience)} needs validation examples to see that nothing gets better", nameof(options));
        }

        if (options.Phases is not null)
        {
            throw new ArgumentException(
                $"{nameof(TrainingOptions.Patience)} and {nameof(TrainingOptions.Phases)} do not go together: a training that stops early would leave out phases", nameof(options));
        }
    }
}
