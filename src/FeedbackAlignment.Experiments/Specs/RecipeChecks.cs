using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>Mistakes in what makes a training harder on purpose: changed pictures and smoothed labels.</summary>
internal static class RecipeChecks
{
    private const string Augmentation = "training.augmentation", Smoothing = "training.labelSmoothing";

    /// <summary>What must hold whatever the data are.</summary>
    public static void Check(ExperimentSpec spec, Components components, SpecProblems problems)
    {
        if (!problems.Sound(Smoothing, "loss", "network.outputActivation", "network.layers") || !(spec.Training?.LabelSmoothing > 0))
        {
            return;
        }

        // Without a name it is softmax cross-entropy at best: for classes.
        var loss = spec.Loss is { } id ? components.Losses.Get(id)
            : Loss.Default(areClasses: true, Activation.FromId(spec.Network.OutputId(components), components.Activations));
        CheckSmoothing(loss, spec.Training.LabelSmoothing, problems);
    }

    /// <summary>What the data must have.</summary>
    public static void CheckData(ExperimentSpec spec, Shape inputs, bool classification, Components components, SpecProblems problems)
    {
        if (problems.Sound(Augmentation)
            && spec.Training?.Augmentation?.ToAugmentation().Objection(inputs, out var isCrop) is { } objection)
        {
            problems.Add(isCrop ? $"{Augmentation}.crop" : Augmentation, isCrop ? objection : $"{objection}; leave it out");
        }

        if (!classification && problems.Sound(Smoothing, "loss") && spec.Training is { LabelSmoothing: > 0 and var smoothing }
            && spec.Loss is null)
        {
            CheckSmoothing(Loss.SquaredError, smoothing, problems);
        }
    }

    private static void CheckSmoothing(Loss loss, float smoothing, SpecProblems problems)
    {
        try
        {
            loss.WithLabelSmoothing(smoothing);
        }
        catch (ArgumentException)
        {
            problems.Add(Smoothing, $"must be 0 with {loss}, which has no label smoothing; {Loss.SoftmaxCrossEntropy} has; was "
                + $"{Display.Value(smoothing)}");
        }
    }
}
