using FeedbackAlignment.Data;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Probes;

/// <summary>
/// Compares a rule with backpropagation, on held-out examples and the same weights. It learns nothing and changes nothing, not even the
/// place in a stream of noise that the rule draws from or what the rule remembers; all sums are in <see cref="double"/>.
/// </summary>
public sealed class AlignmentProbe
{
    private readonly LearningRule _rule;
    private readonly BackpropagationRule _exact;
    private readonly PseudobackpropRule? _pseudo;
    private readonly Batch _batch;
    private readonly Gradients _ruleGradients, _exactGradients;
    private readonly HiddenErrors _ruleErrors, _exactErrors, _pseudoErrors;
    private readonly IReadOnlyList<RandomStream> _noise;
    private readonly ulong[] _positions;
    private readonly (Matrix Original, Matrix Copy)[] _memory;
    private readonly ForwardPass? _answers;

    /// <summary>Prepares a probe.</summary>
    /// <param name="rule">The rule to look at.</param>
    /// <param name="setup">The setup it was made from; its batch size must allow all the examples at once.</param>
    /// <param name="examples">Held-out examples.</param>
    /// <param name="measurePseudobackprop">
    /// Whether to read the angle to pseudobackprop too, which takes a pseudo-inverse for every layer.
    /// </param>
    /// <param name="measureNorms">Whether to read <see cref="AlignmentReading.Norms"/> too, which takes one more forward pass.</param>
    /// <exception cref="ArgumentException">The setup is of another network, or there are more examples than its batch size.</exception>
    public AlignmentProbe(
        LearningRule rule, RuleSetup setup, DataSet examples, bool measurePseudobackprop = false, bool measureNorms = false)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(setup);
        ArgumentNullException.ThrowIfNull(examples);
        if (setup.Network != rule.Network)
        {
            throw new ArgumentException("the setup is of another network than the rule; give the one the rule was made from", nameof(setup));
        }

        if (examples.Count > setup.MaxBatch)
        {
            throw new ArgumentException($"{examples.Count} examples do not fit the setup's batch of {setup.MaxBatch}", nameof(examples));
        }

        _rule = rule;
        _exact = new BackpropagationRule(setup);
        _pseudo = measurePseudobackprop ? new PseudobackpropRule(setup) : null;
        _batch = new Batch(examples.Inputs, examples.Targets);
        _answers = measureNorms ? rule.Network.CreatePass(examples.Count) : null;
        _ruleGradients = new Gradients(rule.LearnedParameters, rule.Network.Compute);
        _exactGradients = new Gradients(rule.Network.Parameters, rule.Network.Compute);
        _ruleErrors = new HiddenErrors(rule.Network, examples.Count);
        _exactErrors = new HiddenErrors(rule.Network, examples.Count);
        _pseudoErrors = new HiddenErrors(rule.Network, examples.Count);
        _noise = rule.AllNoise;
        _positions = new ulong[_noise.Count];
        _memory = [.. rule.Memory.Concat(rule.Network.Buffers.Select(buffer => buffer.Values)).Select(memory => (memory, memory.Copy()))];
    }

    /// <summary>Reads the instruments: one reading per layer, from the first hidden layer to the output.</summary>
    public IReadOnlyList<AlignmentReading> Read()
    {
        // A spiking network has a state, which a look at other examples would change: of it only the weights are compared.
        if (_rule.Network.Dynamics is null)
        {
            EstimateWithoutATrace();
        }

        return [.. _rule.Network.Layers.Select(ReadLayer)];
    }

    /// <summary>
    /// What the latest reading compared at a hidden layer: the rule's errors and backpropagation's, examples × units; no rows where the
    /// rule has none.
    /// </summary>
    /// <param name="layer">Index of the hidden layer, from 0.</param>
    internal (Matrix Rule, Matrix Exact) ErrorsAt(int layer) => (_ruleErrors[layer], _exactErrors[layer]);

    private void EstimateWithoutATrace()
    {
        Remember();
        if (_pseudo is not null)
        {
            // The gradients of pseudobackprop are not wanted, only its errors; they are overwritten.
            Estimate(_pseudo, _exactGradients, _pseudoErrors);
        }

        // A spiking network, whose answers are drawn, does not come here.
        _answers?.Answer(_batch.Inputs);
        Estimate(_exact, _exactGradients, _exactErrors);
        Estimate(_rule, _ruleGradients, _ruleErrors);
    }

    private void Remember()
    {
        for (var i = 0; i < _positions.Length; i++)
        {
            _positions[i] = _noise[i].Position;
        }

        foreach (var (original, copy) in _memory)
        {
            copy.CopyFrom(original);
        }
    }

    /// <summary>
    /// Lets a rule estimate, and puts streams, memory and running statistics back. The modules of all rules see the masks that the next
    /// batch would have.
    /// </summary>
    private void Estimate(LearningRule rule, Gradients gradients, HiddenErrors errors)
    {
        var modules = rule.ModuleNoise;
        for (var i = 0; i < modules.Count; i++)
        {
            modules[i].Position = _positions[^(modules.Count - i)];
        }

        rule.EstimateGradients(_batch, gradients, errors);
        for (var i = 0; i < _positions.Length; i++)
        {
            _noise[i].Position = _positions[i];
        }

        foreach (var (original, copy) in _memory)
        {
            original.CopyFrom(copy);
        }
    }

    private AlignmentReading ReadLayer(WeightedLayer layer, int index)
    {
        var reading = new AlignmentReading { Layer = layer.Name };
        if (index < _ruleErrors.Count && _ruleErrors[index].Rows > 0)
        {
            reading = WithErrors(reading, _ruleErrors[index], _exactErrors[index]);
            if (_pseudo is not null)
            {
                var angles = Angles(_ruleErrors[index], _pseudoErrors[index]);
                reading = reading with { PseudobackpropAngle = angles.Count == 0 ? null : angles.Average() };
            }
        }

        if (_rule.Feedback.LastOrDefault(path => path.To == index) is { } path)
        {
            // Asked for once: weights that are regenerated are drawn whenever somebody asks.
            if (ForwardWeights(_rule.Network, path) is { } forward)
            {
                var feedback = path.Weights;
                reading = reading with
                {
                    WeightAngle = Angle.Degrees(forward, feedback),
                    WeightNormRatio = Angle.NormRatio(forward, feedback)
                };
            }
        }

        reading = WithGradients(reading, layer);
        return _answers is null ? reading : reading with { Norms = ReadNorms(layer, index) };
    }

    private NormReading ReadNorms(WeightedLayer layer, int index)
    {
        var reading = new NormReading
        {
            Weights = Angle.Norm(layer.Weights.Read()),
            Biases = layer.Biases is { } biases ? Angle.Norm(biases.Read()) : null,
            Feedback = _rule.Feedback.LastOrDefault(path => path.To == index) is { } path ? Angle.Norm(path.Weights) : null,
        };
        if (_rule.Network.Dynamics is not null)
        {
            return reading;
        }

        var examples = _batch.Count;
        var hasError = index < _ruleErrors.Count && _ruleErrors[index].Rows > 0;
        var gradient = _ruleGradients[layer.Weights];
        return reading with
        {
            Activations = Angle.Norm(_answers!.Outputs[index], examples),
            Error = hasError ? Angle.Norm(_ruleErrors[index], examples) : null,
            ExactError = index < _exactErrors.Count ? Angle.Norm(_exactErrors[index], examples) : null,
            Gradient = gradient.IsPresent ? Angle.Norm(gradient.Values) : null,
            ExactGradient = Angle.Norm(_exactGradients[layer.Weights].Values),
        };
    }

    private static AlignmentReading WithErrors(AlignmentReading reading, Matrix rule, Matrix exact)
    {
        var angles = Angles(rule, exact);
        var positive = 0;
        for (var example = 0; example < rule.Rows; example++)
        {
            positive += Reductions.Dot(rule.Row(example), exact.Row(example)) > 0 ? 1 : 0;
        }

        var mean = angles.Count == 0 ? (double?)null : angles.Average();
        return reading with
        {
            ErrorAngle = mean,
            ErrorAngleDeviation = angles.Count < 2 ? null : Math.Sqrt(angles.Sum(a => (a - mean!.Value) * (a - mean.Value)) / (angles.Count - 1)),
            ErrorNormRatio = Angle.NormRatio(rule, exact),
            PositiveShare = (double)positive / rule.Rows,
        };
    }

    /// <summary>The angle for each example that has one.</summary>
    private static List<double> Angles(Matrix rule, Matrix other)
    {
        var angles = new List<double>(rule.Rows);
        for (var example = 0; example < rule.Rows; example++)
        {
            if (Angle.Degrees(rule.Row(example), other.Row(example)) is { } degrees)
            {
                angles.Add(degrees);
            }
        }

        return angles;
    }

    private AlignmentReading WithGradients(AlignmentReading reading, WeightedLayer layer)
    {
        var (rule, exact) = (_ruleGradients[layer.Weights], _exactGradients[layer.Weights]);
        if (!rule.IsPresent)
        {
            return reading;
        }

        return reading with
        {
            GradientAngle = Angle.Degrees(rule.Values, exact.Values),
            GradientNormRatio = Angle.NormRatio(rule.Values, exact.Values),
            BiasGradientAngle = layer.Biases is { } biases ? Angle.Degrees(_ruleGradients[biases].Values, _exactGradients[biases].Values) : null,
        };
    }

    /// <summary>
    /// The forward weights that a feedback path stands for, of the path's shape: the product of the matrices it passes by. Null where other
    /// modules than dense layers lie on the way, so that there is no such product.
    /// </summary>
    internal static Matrix? ForwardWeights(Network network, FeedbackPath path)
    {
        if (!network.IsChain && path.Site is { } site && !(site.IsJustBelow && site.Above == network.Layers[path.From]))
        {
            return null;
        }

        var product = network.Layers[path.From].Weights.Read();
        for (var index = path.From - 1; index > path.To; index--)
        {
            var next = new Matrix(product.Rows, network.Layers[index].Inputs);
            network.Compute.Product(product, network.Layers[index].Weights.Read(), next);
            product = next;
        }

        return product;
    }
}
