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
}
