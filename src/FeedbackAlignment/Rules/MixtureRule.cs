using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// A rule of its own for every hidden layer and residual block: its rule brings the error to it, whatever the rules of the others are. A
/// rule that goes from layer to layer takes the error of the layer above, local or not as is its way, whichever rule brought it; a rule
/// whose errors all follow from the output's brings to its layers what it would bring them alone. One forward pass, one output error and
/// one gradient serve all.
/// </summary>
/// <remarks>
/// In specs and on the command line its parts' ids are joined by <c>+</c>, from the lowest hidden layer up, or each behind the name that
/// it serves and <c>=</c>; <see cref="RuleCatalog.Find"/> knows both.
/// </remarks>
public sealed class MixtureRule : ErrorRule
{
    /// <summary>The name that stands for all that has no other.</summary>
    public const string Others = "*";

    /// <summary>What stands behind a block's name for all that is in it.</summary>
    internal const string Inside = "/*";

    private readonly Dictionary<Module, ErrorRule> _ruleOf;

    /// <summary>Makes the rules of all hidden layers of a chain.</summary>
    /// <param name="setup">
    /// Network, loss, batch size, random streams, and what else the parts are made from; its options go to the parts as they are.
    /// </param>
    /// <param name="makers">One for each hidden layer, from the lowest up. Layers that are given the same maker share one rule.</param>
    /// <exception cref="ArgumentException">
    /// There are not as many as hidden layers, or one makes a rule that gives hidden layers no error, or does so for another network; or
    /// the network is more than dense layers one after another.
    /// </exception>
    public MixtureRule(RuleSetup setup, IReadOnlyList<Func<RuleSetup, LearningRule>> makers)
        : this(setup, ByLayer(setup, makers))
    {
    }

    /// <summary>Makes the rules of layers and blocks by their names.</summary>
    /// <param name="setup">
    /// Network, loss, batch size, random streams, and what else the parts are made from; its options go to the parts as they are.
    /// </param>
    /// <param name="byName">
    /// For the name of a hidden layer or a residual block its rule; for <c>block1/*</c> that of all in the block; for <c>*</c> that of all
    /// others. A name goes before a block's, and an inner block's before an outer one's. Where the same maker is given, one rule serves
    /// all.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A name is none of the network's, or of a layer to which no rule brings an error, or a layer is given no rule; or one makes a rule
    /// that gives hidden layers no error, or does so for another network.
    /// </exception>
    public MixtureRule(RuleSetup setup, IReadOnlyDictionary<string, Func<RuleSetup, LearningRule>> byName)
        : base(setup)
    {
        ArgumentNullException.ThrowIfNull(byName);
        var makerOf = MakerOf(byName);
        var made = makerOf.Values.Distinct()
            .ToDictionary(maker => maker, maker => SendingBack(maker(setup.ReadingFrom(Pass)), nameof(byName)));
        _ruleOf = makerOf.ToDictionary(pair => pair.Key, pair => made[pair.Value]);
        RequireSites(byName.Keys);
        Feedback = [.. made.Values.SelectMany(part => part.Feedback.Where(path => Serves(part, path))).OrderBy(path => path.To)];
        Parameters = [.. made.Values.SelectMany(part => part.Parameters.Where(parameter => Serves(part, parameter)))];
        Ties = [.. made.Values.SelectMany(part => part.Ties).Where(tie => Parameters.Contains(tie.Feedback))];
        Noise = [.. made.Values.SelectMany(part => part.Noise)];
        Memory = [.. made.Values.SelectMany(part => part.Memory)];
    }

    /// <summary>
    /// The ids of its parts, joined by <c>+</c>, from the lowest hidden layer up; where the network is no chain each with the name that it
    /// serves before it, <c>hidden1=feedback-alignment</c>.
    /// </summary>
    public override string Id => string.Join(
        RuleMixture.Joint,
        Network.Index.Receivers.Select(module => Network.IsChain ? _ruleOf[module].Id : $"{module.Name}={_ruleOf[module].Id}"));

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<FeedbackPath> Feedback { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<TiedWeights> Ties { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<RandomStream> Noise { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Matrix> Memory { get; }

    /// <inheritdoc/>
    public override string? SplitObjection
        => _ruleOf.Values.Select(part => part.SplitObjection).FirstOrDefault(reason => reason is not null);

    /// <inheritdoc/>
    internal override string? LayersObjection
        => _ruleOf.Values.Select(part => part.LayersObjection).FirstOrDefault(reason => reason is not null);

    /// <summary>Layers that share a rule are said to.</summary>
    internal override void IdentifyOwn(Identity identity)
    {
        Dictionary<ErrorRule, string> first = [];
        foreach (var module in Network.Index.Receivers)
        {
            var part = _ruleOf[module];
            if (first.TryGetValue(part, out var name))
            {
                identity.Add(module.Name, $"that of {name}");
            }
            else
            {
                first.Add(part, module.Name);
                part.IdentifyOwn(identity.In(module.Name));
            }
        }
    }

    /// <inheritdoc/>
    private protected override ErrorRule BringerOf(Module receiver) => _ruleOf[receiver];

    private static Dictionary<string, Func<RuleSetup, LearningRule>> ByLayer(
        RuleSetup setup, IReadOnlyList<Func<RuleSetup, LearningRule>> makers)
    {
        ArgumentNullException.ThrowIfNull(setup);
        ArgumentNullException.ThrowIfNull(makers);
        setup.Network.RequireChain("a rule for each hidden layer");
        var layers = setup.Network.Layers.Count - 1;
        return makers.Count == layers
            ? makers.Zip(setup.Network.Layers).ToDictionary(pair => pair.Second.Name, pair => pair.First)
            : throw new ArgumentException(
                $"a rule for each hidden layer, from the lowest up: the network has {layers} hidden layer{(layers == 1 ? "" : "s")}, was given {makers.Count} rule{(makers.Count == 1 ? "" : "s")}",
                nameof(makers));
    }

    private Dictionary<Module, Func<RuleSetup, LearningRule>> MakerOf(IReadOnlyDictionary<string, Func<RuleSetup, LearningRule>> byName)
    {
        var receivers = Network.Index.Receivers;
        var blocks = Network.All(Network.Root).OfType<Residual>().ToList();
        var known = receivers.Select(module => module.Name).Concat(blocks.Select(block => block.Name + Inside)).Append(Others).ToHashSet();
        if (byName.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            throw new ArgumentException(
                $"no rule brings an error to \"{unknown}\"; the names are {string.Join(", ", known)}", nameof(byName));
        }

        return receivers.ToDictionary(
            module => module,
            module => Names(module, blocks).Select(name => byName.GetValueOrDefault(name)).FirstOrDefault(maker => maker is not null)
                ?? throw new ArgumentException(
                    $"no rule is given for \"{module.Name}\"; add it, or \"{Others}\" for all that have no other", nameof(byName)));
    }

    /// <summary>The names under which a module's rule may stand, the nearest first.</summary>
    private static IEnumerable<string> Names(Module module, IEnumerable<Residual> blocks)
        => blocks.Where(block => block != module && Network.All(block).Contains(module)).Reverse().Select(block => block.Name + Inside)
            .Prepend(module.Name).Append(Others);

    /// <summary>A direct rule that is given by name to what has no site of its own would be silently left out.</summary>
    private void RequireSites(IEnumerable<string> names)
    {
        foreach (var module in Network.Index.Receivers.Where(module => names.Contains(module.Name)))
        {
            if (_ruleOf[module] is BroadcastRule direct && !direct.Sites.Any(site => site.Receiver == module))
            {
                throw new ArgumentException(
                    $"{direct.Id} brings no error to \"{module.Name}\", where it has no site; there are "
                    + string.Join(", ", direct.Sites.Select(site => site.Receiver.Name).Distinct()), nameof(names));
            }
        }
    }

    private ErrorRule SendingBack(LearningRule rule, string makers)
        => rule is not ErrorRule part
            ? throw new ArgumentException(
                $"{rule.GetType().Name} sends no error back, so it cannot bring one to a layer of a mixture", makers)
        : part.Network != Network ? throw new ArgumentException($"{rule.GetType().Name} was made for another network than the mixture; make it from the setup that it is given", makers)
        : part;

    /// <summary>Feedback weights that learn serve what they lead to; what else a rule learns may serve any.</summary>
    private bool Serves(ErrorRule part, Parameter parameter)
        => part.Feedback.FirstOrDefault(path => path.Parameters.Contains(parameter)) is not { } path || Serves(part, path);

    private bool Serves(ErrorRule part, FeedbackPath path)
    {
        var receiver = path.Site?.Receiver ?? (part is ErrorFeedbackRule ? Network.Index.Below[path.From] : Network.Layers[path.To]);
        return receiver is not null && _ruleOf[receiver] == part;
    }
}
