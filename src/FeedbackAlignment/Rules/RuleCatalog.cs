namespace FeedbackAlignment.Rules;

/// <summary>A learning rule as the catalog knows it.</summary>
/// <param name="Id">Its name in specs, files and on the command line.</param>
/// <param name="Name">Its name in prose.</param>
/// <param name="Summary">What it does, in one line.</param>
/// <param name="Paper">Where it comes from.</param>
/// <param name="Create">Makes one.</param>
public sealed record RuleEntry(string Id, string Name, string Summary, string Paper, Func<RuleSetup, LearningRule> Create)
{
    /// <summary>Whether it draws noise while it learns, so that its standard deviation can be set.</summary>
    public bool DrawsNoise { get; init; }

    /// <summary>Whether a step allocates memory; the others' steps allocate nothing.</summary>
    public bool Allocates { get; init; }

    /// <summary>Whether it needs a network that answers at once, and so cannot teach a spiking one.</summary>
    public bool NeedsAnswersAtOnce { get; init; }
}

/// <summary>The learning rules there are: the table of contents that command line, specs, reports and contract tests read.</summary>
public static class RuleCatalog
{
    /// <summary>All rules, in the order in which they should be shown.</summary>
    public static IReadOnlyList<RuleEntry> All { get; } =
    [
        new("backpropagation", "backpropagation", "The error goes back through the transposed forward weights: the exact gradient.",
            "Rumelhart, Hinton & Williams, Nature 323 (1986)", setup => new BackpropagationRule(setup)),
        new("feedback-alignment", "feedback alignment", "The error goes back layer by layer through fixed random weights.",
            "Lillicrap et al., Nat. Commun. 7:13276 (2016), arXiv 1411.0247", setup => new FeedbackAlignmentRule(setup)),
        new("direct-feedback-alignment", "direct feedback alignment", "The output error goes straight to every hidden layer through fixed random weights.",
            "Nøkland, NIPS 2016, arXiv 1609.01596", setup => new DirectFeedbackAlignmentRule(setup)),
        new("shallow", "shallow learning", "Only the output layer learns; hidden layers stay random. The control to beat.",
            "Lillicrap et al. 2014, figs. 1-2", setup => new ShallowRule(setup)),
        new("node-perturbation", "node perturbation", "Hidden units are disturbed by noise; how much the loss changes, one number per example, says how to learn. Nothing goes back.",
            "Williams, Mach. Learn. 8 (1992); Werfel, Xie & Seung, Neural Comput. 17 (2005)", setup => new NodePerturbationRule(setup)) { DrawsNoise = true, NeedsAnswersAtOnce = true },
        new("pseudobackprop", "pseudobackprop", "The error goes back through the pseudo-inverse of the forward weights: nearly second order, and slow.",
            "Lillicrap et al. 2014, fig. 4, arXiv 1411.0247", setup => new PseudobackpropRule(setup)) { Allocates = true },
    ];

    /// <summary>The ids of all rules.</summary>
    public static IReadOnlyList<string> Ids { get; } = [.. All.Select(rule => rule.Id)];

    /// <summary>The rule with a given id.</summary>
    /// <param name="id">The id.</param>
    /// <exception cref="ArgumentException">There is none of that id; the message lists those there are.</exception>
    public static RuleEntry Of(string id)
        => All.FirstOrDefault(rule => rule.Id == id)
            ?? throw new ArgumentException($"no rule is called \"{id}\"; there are {string.Join(", ", Ids)}", nameof(id));
}
