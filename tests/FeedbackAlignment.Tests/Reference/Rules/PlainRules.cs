namespace FeedbackAlignment.Tests.Reference.Rules;

/// <summary>Every rule of the catalog a second time.</summary>
internal static class PlainRules
{
    /// <summary>Rules that have no second writing, each with the reason why not.</summary>
    public static IReadOnlyDictionary<string, string> WithoutReference { get; } = new Dictionary<string, string>();

    /// <summary>
    /// By its id: how a rule is made again. What is random comes from the streams, or from the feedback that the library's rule shows.
    /// </summary>
    public static IReadOnlyDictionary<string, Func<Source, PlainRule>> All { get; } = new Dictionary<string, Func<Source, PlainRule>>
    {
        ["backpropagation"] = from => new LayerByLayer(from.Net, weight => weight.Values),
        ["feedback-alignment"] = LayerByLayer,
        ["sparse-feedback-alignment"] = LayerByLayer,
        ["low-rank-feedback-alignment"] = LayerByLayer,
        ["pseudobackprop"] = from => new LayerByLayer(from.Net, weight => Rules.LayerByLayer.PseudoInverse(weight.Values)),
        ["sign-symmetry-uniform"] = from => SignSymmetry(from, from.EvenMagnitudes),
        ["sign-symmetry-fixed-random"] = from => SignSymmetry(from, from.Drawn),
        ["sign-symmetry-batch-random"] = from => SignSymmetry(from, from.Redrawn),
        ["concordant-feedback-alignment"] = from
            => Concordant(from, [.. from.Setup.Network.Layers.Select(layer => Table.Of(layer.Weights.Read()))]),
        ["product-feedback-alignment"] = from => new ProductFeedback(
            from.Net, from.Learned, [.. from.Learned.Select((learned, i) => from.FixedFactor(i + 1, learned.Columns()))]),
        ["kolen-pollack"] = from => new KolenPollack(from.Net, from.Feedback),
        ["weight-mirror"] = from => new WeightMirror(
            from.Net, from.Feedback, from.Setup.Streams, new(from["mirrorRate"], from["mirrorDecay"], from["noise"], from["mirrorChance"])),
        ["direct-feedback-alignment"] = Direct,
        ["sparse-direct-feedback-alignment"] = Direct,
        ["low-rank-direct-feedback-alignment"] = Direct,
        ["shared-direct-feedback-alignment"] = Direct,
        ["repeated-direct-feedback-alignment"] = Direct,
        ["error-sign-direct-feedback-alignment"] =
            from => Sites.Direct(from.Net, from.Feedback, (error, _) => error.Map(value => Math.Sign(value))),
        ["direct-random-target-projection"] = from => Sites.Direct(from.Net, from.Feedback, (_, targets) => targets.Scaled(-1)),
        ["direct-kolen-pollack"] = from => new DirectKolenPollack(from.Net, from.Feedback),
        ["local-feedback-alignment"] = from => Sites.Local(from.Net, from.Feedback),
        ["indirect-feedback-alignment"] = from => Sites.Indirect(from.Net, from.Feedback),
        ["difference-target-propagation"] = from => new TargetPropagation(
            from.Net, from.Feedback, from.Noise, (from["step"], from["noise"], from["inverseWeight"])),
        ["node-perturbation"] = from => new NodePerturbation(from.Net, from.Noise, from["noise"]),
        ["weight-perturbation"] = from => new WeightPerturbation(from.Net, from.Noise, from["noise"]),
        ["forward-forward"] = from => new ForwardForward(from.Net, from.Noise, from["threshold"], from["labelStrength"]),
        ["pepita"] = from => new Pepita(from.Net, from.Feedback[0]),
        ["shallow"] = from => new PlainRule(from.Net),
        ["frozen-features"] = from => new LayerByLayer(from.Net, weight => weight.Values),
        ["frozen-convolutions"] = from => new LayerByLayer(from.Net, weight => weight.Values),
    };

    private static Sites Direct(Source from) => Sites.Direct(from.Net, from.Feedback, (error, _) => error);

    private static LayerByLayer LayerByLayer(Source from) => new(from.Net, from.Through(stage => from.Feedback[stage - 1]));

    private static LayerByLayer Concordant(Source from, double[][,] start)
        => new(from.Net,
            from.Through(stage => from.EvenMagnitudes(stage).Zip(start[stage], (size, weight) => Math.Sign(weight) * Math.Abs(size))));

    private static LayerByLayer SignSymmetry(Source from, Func<int, double[,]> magnitudes)
        => new(from.Net, weight => Rules.LayerByLayer.WithSignsOf(weight, from.Through(magnitudes)(weight)));
}
