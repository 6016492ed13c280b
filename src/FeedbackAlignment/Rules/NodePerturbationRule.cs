using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// Node perturbation, a fast form of reinforcement learning: the outputs of all hidden layers are disturbed by noise ξ ~ N(0, σ²) in a second
/// forward pass, and one number per example, how much worse the answer became, says what each unit's part in it was:
/// Δh = (L(h + ξ) − L(h)) ξ ∕ σ². Nothing goes back. Williams, "Simple statistical gradient-following algorithms for connectionist
/// reinforcement learning", Machine Learning 8 (1992); Werfel, Xie, Seung, "Learning curves for stochastic gradient descent in linear
/// feedforward networks", Neural Computation 17 (2005).
/// </summary>
/// <remarks>
/// The output layer learns with its exact error, as under every rule. The noise of a lower layer goes on upward, and each layer has noise of its
/// own, so the estimate at every layer is that of the exact error plus the noise of all others: its mean is the gradient of the loss that is
/// smoothed by the noise (the exact one for linear layers and squared error, else up to terms in σ²), and its length is about √(all hidden
/// units) times the exact one's.
/// The losses are taken in double (<see cref="Losses.Loss.EvaluateEach"/>); what cancels in their difference is the rounding of the forward pass, about
/// 10⁻⁷ of an output, against its change by the noise, about σ: one part in 10⁵ at σ = 0.01. Where the error e is smaller than that change, it is
/// not the rounding but the curvature ½‖δ‖² of the loss, δ the change of the output, that drowns e·δ: it has no part in the mean, but σ sets
/// the error below which learning is slow.
/// </remarks>
public sealed class NodePerturbationRule : LearningRule
{
    private readonly RandomStream _random;
    private readonly double _deviation;
    private readonly double[] _losses, _disturbedLosses;
    private readonly Matrix[] _disturbed, _errors;

    /// <summary>Makes room.</summary>
    /// <param name="setup">Network, loss, batch size, random streams, and the standard deviation σ of the noise.</param>
    public NodePerturbationRule(RuleSetup setup)
        : base(setup)
    {
        _random = setup.Streams.Stream($"{RandomStreams.Noise}/node-perturbation");
        _deviation = setup.Noise;
        (_losses, _disturbedLosses) = (new double[MaxBatch], new double[MaxBatch]);
        _disturbed = [.. Network.Layers.Select(layer => new Matrix(MaxBatch, layer.Outputs))];
        _errors = [.. Network.Layers.SkipLast(1).Select(layer => new Matrix(MaxBatch, layer.Outputs))];
        Noise = [_random];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<RandomStream> Noise { get; }

    /// <inheritdoc/>
    public override double EstimateGradients(Batch batch, Gradients gradients, HiddenErrors? hiddenErrors = null)
    {
        hiddenErrors?.Clear();
        var loss = LearnOutputLayer(batch, gradients, out _);
        if (_errors.Length == 0)
        {
            return loss;
        }

        DrawNoise(batch.Count);
        Loss.EvaluateEach(Pass.Outputs[^1], batch.Targets, _losses);
        Loss.EvaluateEach(RunDisturbed(batch.Count), batch.Targets, _disturbedLosses);
        for (var index = 0; index < _errors.Length; index++)
        {
            var (layer, error) = (Network.Layers[index], _errors[index].Top(batch.Count));
            BecomeError(error);
            hiddenErrors?.Set(index, error);
            layer.Localize(error, Pass.Outputs[index]);
            layer.Gradient(Pass.InputOf(index), error, gradients);
        }

        return loss;
    }

    /// <summary>Example by example, so that the numbers do not depend on how examples are put into batches.</summary>
    private void DrawNoise(int examples)
    {
        for (var example = 0; example < examples; example++)
        {
            foreach (var noise in _errors)
            {
                var line = noise.PaddedLine(example);
                foreach (ref var value in line[..noise.Columns])
                {
                    value = (float)(_deviation * _random.NextNormal());
                }

                // A loss that is no number has left its mark there.
                line[noise.Columns..].Clear();
            }
        }
    }

    private Matrix RunDisturbed(int examples)
    {
        // What goes into the first layer is not disturbed, so its outputs are known.
        var outputs = _disturbed[0].Top(examples);
        outputs.CopyFrom(Pass.Outputs[0]);
        for (var index = 0; index < _errors.Length; index++)
        {
            Elementwise.Map(outputs, _errors[index].Top(examples), new AddScaled(1));
            var next = _disturbed[index + 1].Top(examples);
            Network.Layers[index + 1].Forward(outputs, next);
            outputs = next;
        }

        return outputs;
    }

    /// <summary>ξ ← (L(h + ξ) − L(h)) ξ ∕ σ², row by row.</summary>
    private void BecomeError(Matrix noise)
    {
        for (var example = 0; example < noise.Rows; example++)
        {
            var factor = (_disturbedLosses[example] - _losses[example]) / _deviation / _deviation;
            Elementwise.Map(noise.PaddedLine(example), new Scale((float)factor));
        }
    }
}
