namespace FeedbackAlignment.Experiments.Analysis;

/// <summary>How inputs are changed.</summary>
public enum PerturbationKind
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>x + strength · n, with independent standard normal n.</summary>
    Noise,

    /// <summary>x + strength · sign(∂loss/∂x): the fast gradient sign method, with the network's exact derivative.</summary>
    Fgsm,
}

/// <summary>A change of inputs.</summary>
/// <param name="Kind">How they are changed.</param>
/// <param name="Strength">By how much, in units of the inputs as the network takes them; 0 for <see cref="PerturbationKind.None"/>.</param>
public readonly record struct Perturbation(PerturbationKind Kind, double Strength)
{
    /// <summary>As a heading: <c>clean</c>, <c>noise 0.1</c>, <c>fgsm 0.03</c>.</summary>
    public override string ToString()
        => Kind == PerturbationKind.None ? "clean" : FormattableString.Invariant($"{Kind}").ToLowerInvariant()
            + FormattableString.Invariant($" {Strength}");
}
