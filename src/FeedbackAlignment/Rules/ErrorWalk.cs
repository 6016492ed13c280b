using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// The walk back through a network. Each hidden layer gets its error from one rule: an <see cref="ErrorFeedbackRule"/> takes it across the
/// layer above, a <see cref="BroadcastRule"/> brings it from the output. Derivatives and gradients are the same for all.
/// </summary>
internal sealed class ErrorWalk
{
    private readonly Network _network;
    private readonly ForwardPass _pass;
    private readonly ErrorRule[] _bringers;
    private readonly ErrorRule[] _rules;
    private readonly BroadcastRule? _onlyBroadcast;
    private readonly LinearMap[] _fromOutputs;
    private readonly Matrix _allErrors;
    private readonly Matrix[] _errors;
    private readonly Matrix[]? _arrived;

    /// <param name="network">The network.</param>
    /// <param name="pass">Its latest forward pass.</param>
    /// <param name="bringers">The rule that gives each hidden layer its error, from the lowest up.</param>
    public ErrorWalk(Network network, ForwardPass pass, ErrorRule[] bringers)
    {
        (_network, _pass, _bringers) = (network, pass, bringers);
        _rules = [.. bringers.Distinct()];
        _onlyBroadcast = _rules is [BroadcastRule only] ? only : null;
        WeightedLayer[] hidden = [.. network.Layers.SkipLast(1)];
        _fromOutputs = [.. hidden.Select(layer => new DenseMap(layer.Outputs, network.Outputs, network.Compute))];
        (_allErrors, _errors) = Matrix.SideBySide(pass.MaxBatch, [.. hidden.Select(layer => layer.Outputs)]);
        if (_rules.Any(rule => rule is ErrorFeedbackRule { NeedsArrivedError: true }))
        {
            _arrived = [.. hidden.Select(layer => new Matrix(pass.MaxBatch, layer.Outputs))];
        }
    }

    /// <summary>Gives every hidden layer its error and its gradient.</summary>
    /// <param name="outputError">batch × outputs: the output layer's local error.</param>
    /// <param name="targets">batch × outputs.</param>
    /// <param name="gradients">Receives the gradients.</param>
    /// <param name="hiddenErrors">If given, receives the errors.</param>
    public void Go(Matrix outputError, Matrix targets, Gradients gradients, HiddenErrors? hiddenErrors)
    {
        foreach (var rule in _rules)
        {
            rule.Begin(outputError, targets);
        }

        var count = outputError.Rows;
        var areBrought = _onlyBroadcast?.TryBringAll(new SiteErrors(_allErrors, _errors, count)) ?? false;
        var (error, arrived) = (outputError, outputError);
        for (var index = _errors.Length - 1; index >= 0; index--)
        {
            var (layer, below, output) = (_network.Layers[index], _errors[index].Top(count), _pass.Outputs[index]);
            if (_bringers[index] is BroadcastRule broadcast)
            {
                var site = new Site(index, _fromOutputs[index], _pass.InputOf(index + 1));
                if (!areBrought)
                {
                    broadcast.Bring(site, below);
                }

                broadcast.Learn(site, gradients);
            }
            else if (_bringers[index] is ErrorFeedbackRule feedback)
            {
                var above = new Crossing(index + 1, _network.Layers[index + 1], error, arrived, _pass.InputOf(index + 1), outputError);
                feedback.Cross(above, below, gradients);
            }

            arrived = Keep(index, below);
            hiddenErrors?.Set(index, below);
            layer.Localize(below, output);
            layer.Gradient(_pass.InputOf(index), below, gradients);
            error = below;
        }
    }

    /// <summary>The error as it arrived: a copy, if a rule wants it, since the derivative goes into it in place.</summary>
    private Matrix Keep(int index, Matrix error)
    {
        if (_arrived is null)
        {
            return error;
        }

        var copy = _arrived[index].Top(error.Rows);
        copy.CopyFrom(error);
        return copy;
    }
}
