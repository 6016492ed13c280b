using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// A rule of its own for every hidden layer: the rule of a hidden layer brings the error to it, whatever the rules of the others are. A
/// rule that goes from layer to layer takes the error of the layer above, local or not as is its way, whichever rule brought it; a rule
/// whose errors all follow from the output's brings to its layers what it would bring them alone. One forward pass, one output error and
/// one gradient serve all.
/// </summary>
/// <remarks>
/// In specs and on the command line its parts' ids are joined by <c>+</c>, from the lowest hidden layer up;
/// <see cref="RuleCatalog.Find"/> knows them.
/// </remarks>
public sealed class MixtureRule : ErrorRule
{
    private readonly ErrorRule[] _byLayer;

    /// <summary>Makes the rules of all hidden layers.</summary>
    /// <param name="setup">
    /// Network, loss, batch size, random streams, and what else the parts are made from; its options go to the parts as they are.
    /// </param>
    /// <param name="makers">One for each hidden layer, from the lowest up. Layers that are given the same maker share one rule.</param>
    /// <exception cref="ArgumentException">
    /// There are not as many as hidden layers, or one makes a rule that gives hidden layers no error, or does so for another network.
    /// </exception>
    public MixtureRule(RuleSetup setup, IReadOnlyList<Func<RuleSetup, LearningRule>> makers)
        : base(setup)
    {
        ArgumentNullException.ThrowIfNull(makers);
        Network.RequireChain("a rule for each hidden layer");
        var layers = Network.Layers.Count - 1;
        if (makers.Count != layers)
        {
            throw new ArgumentException(
                $"a rule for each hidden layer, from the lowest up: the network has {layers} hidden layer{(layers == 1 ? "" : "s")}, was given {makers.Count} rule{(makers.Count == 1 ? "" : "s")}",
                nameof(makers));
        }

        var made = makers.Distinct().ToDictionary(maker => maker, maker => SendingBack(maker(setup.ReadingFrom(Pass)), nameof(makers)));
        _byLayer = [.. makers.Select(maker => made[maker])];
        Feedback = [.. _byLayer.SelectMany((part, layer) => part.Feedback.Where(path => path.To == layer))];
        Parameters = [.. made.Values.SelectMany(part => part.Parameters.Where(parameter => Serves(part, parameter)))];
        Noise = [.. made.Values.SelectMany(part => part.Noise)];
        Memory = [.. made.Values.SelectMany(part => part.Memory)];
    }

    /// <summary>Those of its parts, joined by <c>+</c>, from the lowest hidden layer up.</summary>
    public override string Id => string.Join(RuleMixture.Joint, _byLayer.Select(part => part.Id));

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<FeedbackPath> Feedback { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<RandomStream> Noise { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Matrix> Memory { get; }

    /// <summary>Layers that share a rule are said to.</summary>
    internal override void IdentifyOwn(Identity identity)
    {
        foreach (var (layer, part) in _byLayer.Index())
        {
            var first = Array.IndexOf(_byLayer, part);
            if (first < layer)
            {
                identity.Add(Network.Layers[layer].Name, $"that of {Network.Layers[first].Name}");
            }
            else
            {
                part.IdentifyOwn(identity.In(Network.Layers[layer].Name));
            }
        }
    }

    /// <inheritdoc/>
    private protected override ErrorRule BringerOf(int layer) => _byLayer[layer];

    private ErrorRule SendingBack(LearningRule rule, string makers)
        => rule is not ErrorRule part
            ? throw new ArgumentException(
                $"{rule.GetType().Name} sends no error back, so it cannot bring one to a layer of a mixture", makers)
        : part.Network != Network ? throw new ArgumentException($"{rule.GetType().Name} was made for another network than the mixture; make it from the setup that it is given", makers)
        : part;

    /// <summary>Feedback weights that learn serve the layer they lead to; what else a rule learns may serve any.</summary>
    private bool Serves(ErrorRule part, Parameter parameter)
        => part.Feedback.FirstOrDefault(path => path.Parameters.Contains(parameter)) is not { } path || _byLayer[path.To] == part;
}
