using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// The walk back through a network under a rule. An <see cref="ErrorFeedbackRule"/> takes the error across the weights of each layer, a
/// <see cref="BroadcastRule"/> brings it to each site; between the sites of a broadcast rule the error crosses the layers' own weights, as
/// in backpropagation. Derivatives and gradients are the same for all.
/// </summary>
internal sealed class ErrorWalk : Walk
{
    private readonly Network _network;
    private readonly ForwardPass _pass;
    private readonly ErrorRule[] _rules;
    private readonly ErrorFeedbackRule?[] _crossers;
    private readonly (BroadcastRule? Rule, int Index)[] _bringers;
    private readonly BroadcastRule? _onlyBroadcast;
    private readonly LinearMap[] _fromOutputs;
    private readonly Matrix[] _below;
    private readonly Matrix _allBrought;
    private readonly Matrix[] _brought, _broughtOnly;
    private readonly Matrix[]? _arrivedCopies;
    private readonly IReadOnlySet<Module> _untaught;
    private Gradients? _gradients;
    private HiddenErrors? _hiddenErrors;
    private Matrix _outputError, _arrived;
    private ReadOnlyMemory<bool> _mask;
    private int _rows;
    private bool _areBrought;

    /// <param name="network">The network.</param>
    /// <param name="pass">Its latest forward pass.</param>
    /// <param name="ruleOf">The rule that gives a layer with weights, or a residual block, its error.</param>
    /// <param name="untaught">Modules whose parameters get no gradient, or one that does not count.</param>
    public ErrorWalk(Network network, ForwardPass pass, Func<Module, ErrorRule> ruleOf, IReadOnlySet<Module> untaught)
    {
        (_network, _pass, _untaught) = (network, pass, untaught);
        var (index, sites) = (network.Index, network.Index.Sites);
        _rules = [.. index.Receivers.Select(ruleOf).Distinct()];
        _bringers = [.. sites.Select(site => ruleOf(site.Receiver) is BroadcastRule rule && Place(rule, site) is >= 0 and var place
            ? (rule, place) : (default(BroadcastRule), -1))];
        _onlyBroadcast = _rules is [BroadcastRule only] ? only : null;

        // What crosses a layer serves what lies below it.
        _crossers = [.. index.Below.Select(receiver => receiver is null ? null : ruleOf(receiver) as ErrorFeedbackRule)];
        _fromOutputs = [.. sites.Select(site => new DenseMap(site.Module.To.Size, network.Outputs, network.Compute))];
        _below = new Matrix[network.Layers.Count];
        NetworkSite[] brought = [.. sites.Where(site => IsBrought(site.Index))];
        var (all, parts) = brought.Length == 0
            ? (default, []) : Matrix.SideBySide(pass.MaxBatch, [.. brought.Select(site => site.Module.To.Size)]);
        (_allBrought, _brought) = (all, new Matrix[sites.Count]);
        foreach (var (site, errors) in brought.Zip(parts))
        {
            _brought[site.Index] = errors;
        }

        _broughtOnly = parts;
        if (_rules.Any(rule => rule is ErrorFeedbackRule { NeedsArrivedError: true }))
        {
            _arrivedCopies = [.. network.Layers.SkipLast(1).Select(layer => new Matrix(pass.MaxBatch, layer.Outputs))];
        }
    }

    /// <inheritdoc/>
    public override Gradients Gradients => _gradients ?? throw new InvalidOperationException("no walk is under way");

    /// <summary>Gives every hidden layer its error, and all but the output layer their gradients.</summary>
    /// <param name="outputError">batch × outputs: the output layer's local error.</param>
    /// <param name="batch">The examples.</param>
    /// <param name="gradients">Receives the gradients.</param>
    /// <param name="hiddenErrors">If given, receives the errors.</param>
    public void Go(Matrix outputError, in Batch batch, Gradients gradients, HiddenErrors? hiddenErrors)
    {
        Begin(outputError, batch, gradients, hiddenErrors);
        _areBrought = _onlyBroadcast?.TryBringAll(new SiteErrors(_allBrought, _broughtOnly, outputError.Rows)) ?? false;
        _pass.Root.Backward(outputError, this, isWanted: false);
    }

    /// <summary>Gives some neighboring modules their errors and gradients, but for the output layer's.</summary>
    /// <param name="root">The latest pass of these modules.</param>
    /// <param name="from">The first of them.</param>
    /// <param name="to">The module behind the last.</param>
    /// <param name="outputError">batch × outputs: the output layer's local error; empty where no rule reads it.</param>
    /// <param name="above">batch × outputs of the last of them: the error there; empty: nobody wants it.</param>
    /// <param name="batch">The examples.</param>
    /// <param name="gradients">Receives the gradients.</param>
    /// <returns>batch × inputs of the first of them: the error there, if <see cref="IsSentBack"/>.</returns>
    public Matrix GoThrough(
        SequenceRun root, int from, int to, Matrix outputError, Matrix above, in Batch batch, Gradients gradients)
    {
        SetHasPart(true);
        Begin(outputError, batch, gradients, hiddenErrors: null);

        // One product for all sites would be work for those of others, too.
        _areBrought = false;
        var below = above.Rows > 0 ? root.Backward(above, this, isWanted: false, from, to) : root.BackwardFromSite(this, from, to);
        SetHasPart(false);
        return below;
    }

    /// <summary>
    /// Whether an error goes back between two of the network's modules; otherwise what lies below gets one from the output.
    /// </summary>
    /// <param name="module">The upper of them.</param>
    public bool IsSentBack(int module) => ((SequenceRun)_pass.Root).IsWantedBelow(module, this, isWanted: false);

    /// <summary>Whether every error is brought from the output, and none crosses weights but within a block.</summary>
    public bool BringsAll => _rules.All(rule => rule is BroadcastRule);

    /// <summary>Whether somebody reads the output's error besides the output layer.</summary>
    public bool ReadsOutputError => _rules.Any(rule => rule.ReadsOutputError);

    private void SetHasPart(bool hasPart)
    {
        foreach (var rule in _rules)
        {
            rule.HasPart = hasPart;
        }
    }

    private void Begin(Matrix outputError, in Batch batch, Gradients gradients, HiddenErrors? hiddenErrors)
    {
        _outputError = outputError;
        _rows = batch.Count;
        _gradients = gradients;
        _hiddenErrors = hiddenErrors;
        _mask = batch.Mask;
        if (_arrivedCopies is not null)
        {
            _arrived = outputError;
        }

        foreach (var rule in _rules)
        {
            rule.Begin(outputError, batch.Targets);
        }
    }

    /// <inheritdoc/>
    internal override bool IsOutput(LayerRun layer) => layer.Index == _network.Layers.Count - 1;

    /// <inheritdoc/>
    /// <remarks>Whoever asks for the errors of hidden layers gets them all the way down.</remarks>
    internal override bool IsTaught(Module module) => _hiddenErrors is not null || _untaught.Count == 0 || !_untaught.Contains(module);

    /// <inheritdoc/>
    internal override void Arrive(LayerRun layer, in Matrix error)
    {
        _hiddenErrors?.Set(layer.Index, error);
        if (_arrivedCopies is not null)
        {
            // The derivative goes into the error in place.
            _arrived = _arrivedCopies[layer.Index].Top(error.Rows);
            _arrived.CopyFrom(error);
        }
    }

    /// <inheritdoc/>
    internal override Matrix Cross(LayerRun layer, in Matrix localError)
    {
        var below = Below(layer).Top(localError.Rows);
        if (_crossers[layer.Index] is { } rule)
        {
            var arrived = _arrivedCopies is null ? localError : _arrived;
            var at = new Crossing(layer.Index, layer.Layer, localError, arrived, layer.Input, _outputError);
            rule.Cross(at, below);
            rule.Learn(at, Gradients);
        }
        else
        {
            layer.Layer.Backward(localError, through: layer.Layer.Weights, below);
        }

        return below;
    }

    /// <inheritdoc/>
    public override void Cross(WeightedLayer layer, int step, Matrix localError, Matrix input, Matrix below)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        var index = _network.Index.IndexOf(layer);
        if (_crossers[index] is { } rule)
        {
            rule.Cross(new Crossing(index, layer, localError, localError, input, _outputError) { Step = step }, below);
        }
        else
        {
            layer.Backward(localError, through: layer.Weights, below);
        }
    }

    /// <inheritdoc/>
    public override void Learn(WeightedLayer layer, Matrix localErrors, Matrix inputs)
    {
        ArgumentNullException.ThrowIfNull(layer);
        layer.Gradient(inputs, localErrors, Gradients);
        var index = _network.Index.IndexOf(layer);
        _crossers[index]?.Learn(new Crossing(index, layer, localErrors, localErrors, inputs, _outputError), Gradients);
    }

    /// <inheritdoc/>
    internal override bool IsBrought(int site) => site >= 0 && _bringers[site].Rule is not null;

    /// <inheritdoc/>
    internal override Matrix Bring(int site, in Matrix activity)
    {
        var error = _brought[site].Top(_rows);
        var (rule, index) = _bringers[site];
        var at = new Site(index, _fromOutputs[site], activity);
        if (!_areBrought)
        {
            rule!.Bring(at, error);
        }

        // What is sent may be something else than the error, such as the target.
        Batch.ClearMasked(error, _mask);
        rule!.Learn(at, Gradients);
        return error;
    }

    /// <summary>The place of a site among those of a rule; −1: the rule leaves it out.</summary>
    private static int Place(BroadcastRule rule, NetworkSite site)
        => rule.Sites.Index().Where(own => own.Item == site).Select(own => own.Index).FirstOrDefault(-1);

    /// <summary>Made when an error first crosses the layer: broadcast rules send none across most.</summary>
    private Matrix Below(LayerRun layer)
    {
        if (_below[layer.Index].Rows == 0)
        {
            _below[layer.Index] = new Matrix(_pass.MaxBatch, layer.Layer.Inputs);
        }

        return _below[layer.Index];
    }
}
