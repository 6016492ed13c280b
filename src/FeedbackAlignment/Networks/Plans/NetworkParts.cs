using FeedbackAlignment.Catalogs;

namespace FeedbackAlignment.Networks;

/// <summary>What a plan can name: activations, and modules besides dense layers and residual blocks. It never changes.</summary>
public sealed class NetworkParts
{
    /// <summary>The words that a plan has of its own.</summary>
    internal const string Dense = "dense", Convolution = "conv", Residual = "residual";

    /// <summary>What its hidden layers are called, followed by a number.</summary>
    internal const string Hidden = "hidden";

    /// <summary>Puts catalogs together.</summary>
    /// <param name="activations">The activations.</param>
    /// <param name="modules">The modules.</param>
    /// <exception cref="ArgumentException">A word has two meanings in a plan.</exception>
    public NetworkParts(Catalog<Activation> activations, Catalog<ModuleEntry> modules)
    {
        ArgumentNullException.ThrowIfNull(activations);
        ArgumentNullException.ThrowIfNull(modules);
        (Activations, Modules) = (activations, modules);
        string[] own = [Dense, Convolution, Residual, Hidden, .. ConvolutionWords.Known, .. NetworkPresets.Ids];
        var words = modules.Ids.Concat(modules.Entries.Select(module => module.NamePrefix)).Distinct();
        if (own.Intersect(activations.Ids).Concat(own.Concat(activations.Ids).Intersect(words)).FirstOrDefault() is { } twice)
        {
            throw new ArgumentException($"\"{twice}\" would mean two things in a plan; {(own.Contains(twice)
                ? "no activation and no module can be called so" : "an activation and a module cannot both be called so")}");
        }
    }

    /// <summary>What the library has.</summary>
    public static NetworkParts Standard { get; } = new(Activation.Standard, ModuleEntry.Standard);

    /// <summary>The activations.</summary>
    public Catalog<Activation> Activations { get; }

    /// <summary>The modules.</summary>
    public Catalog<ModuleEntry> Modules { get; }

    /// <summary>These parts and the activations that a network has besides.</summary>
    internal NetworkParts With(IEnumerable<Activation> used)
    {
        Activation[] others = [.. used.Where(activation => Activation.Find(activation.Id, Activations) is null).Distinct()];
        return others.Length == 0 ? this : new NetworkParts(Activations.With(others), Modules);
    }
}
