using FeedbackAlignment.Catalogs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments;

/// <summary>
/// What specs, options and commands can name. It is handed in from the top, so that a program of one's own can have more than the library
/// has.
/// </summary>
public sealed record Components
{
    /// <summary>What the library has.</summary>
    public static Components Standard { get; } = new();

    /// <summary>The learning rules. Those of the library are made when somebody first asks: help does not need them.</summary>
    public RuleCatalog Rules
    {
        get => field ?? RuleCatalog.Standard;
        init;
    }

    /// <summary>The activations.</summary>
    public Catalog<Activation> Activations { get; init; } = Activation.Standard;

    /// <summary>The distributions that initial weights and feedback weights are drawn from.</summary>
    public Catalog<Initialization> Initializations { get; init; } = Initialization.Standard;

    /// <summary>The modules that a row of modules can name, besides dense layers, activations and residual blocks.</summary>
    public Catalog<ModuleEntry> Modules { get; init; } = ModuleEntry.Standard;

    /// <summary>What a plan can name.</summary>
    /// <exception cref="ArgumentException">A word has two meanings in a plan.</exception>
    public NetworkParts Parts => new(Activations, Modules);

    /// <summary>The distributions that feedback weights can be drawn from: all but those that are 0.</summary>
    internal IReadOnlyList<Initialization> FeedbackInitializations => [.. Initializations.Entries.Where(entry => !entry.IsZero)];

    /// <summary>The entries of a catalog.</summary>
    /// <param name="catalog">The name of its property.</param>
    internal IReadOnlyList<ICatalogEntry> Entries(string catalog) => catalog switch
    {
        nameof(Activations) => Activations.Entries,
        nameof(Initializations) => Initializations.Entries,
        nameof(FeedbackInitializations) => FeedbackInitializations,
        _ => throw new ArgumentOutOfRangeException(nameof(catalog), catalog, "there is no such catalog"),
    };
}
