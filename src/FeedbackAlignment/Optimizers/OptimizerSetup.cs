namespace FeedbackAlignment.Optimizers;

/// <summary>
/// What an entry of the catalog makes an optimizer from: the parameters, and all settings that specs have for any optimizer.
/// </summary>
/// <param name="Groups">What to move.</param>
public sealed record OptimizerSetup(IReadOnlyList<ParameterGroup> Groups)
{
    /// <summary>What a group's weight decay means.</summary>
    public WeightDecayMode DecayMode { get; init; }

    /// <summary>μ in [0, 1).</summary>
    public float Momentum { get; init; }

    /// <summary>Whether momentum has Nesterov's form.</summary>
    public bool Nesterov { get; init; }

    /// <summary>ρ in [0, 1): decay of a mean of squares.</summary>
    public float Rho { get; init; } = 0.99f;

    /// <summary>β₁ in [0, 1): decay of a first moment.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>β₂ in [0, 1): decay of a second moment.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>ε &gt; 0.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>The entry's own options that are set, by id.</summary>
    public IReadOnlyDictionary<string, double> Options { get; init; } = new Dictionary<string, double>();

    /// <summary>The value of an option of the entry: what is set, or else its default.</summary>
    /// <param name="option">The option.</param>
    public double Option(OptimizerOption option)
    {
        ArgumentNullException.ThrowIfNull(option);
        return Options.TryGetValue(option.Id, out var value) ? value : option.Default;
    }
}
