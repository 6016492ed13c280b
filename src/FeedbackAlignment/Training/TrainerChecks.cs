using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;

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

    /// <exception cref="ArgumentException">A batch of a pass over the examples is too small for a module to learn from.</exception>
    public static void Require(TrainingOptions options, DataSplit data, Network network)
    {
        var least = network.Root.LeastBatch;
        var (examples, batch) = (data.Train.Count, Math.Min(options.BatchSize, data.Train.Count));
        var last = examples % batch == 0 ? batch : examples % batch;
        if (Math.Min(batch, last) < least)
        {
            var which = batch < least ? $"batches of {batch} are too small" : $"the last batch of each pass over {examples} examples in batches of {batch} has {last}";
            throw new ArgumentException($"a module of the network learns from at least {least} examples at a time, but {which}; choose another batch size", nameof(options));
        }
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
