using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Tests.Training;

/// <summary>
/// A rule with every kind of state that a rule can have: feedback weights that the optimizer moves (as Kolen and Pollack's), noise, and a
/// memory of its own (the errors of each batch's first example, averaged over the batches).
/// </summary>
internal sealed class RememberingRule : LearningRule
{
    private readonly Parameter[] _feedback;
    private readonly Matrix[] _means, _errors;
    private readonly RandomStream _random;

    public RememberingRule(RuleSetup setup)
        : base(setup)
    {
        _feedback = [.. setup.DrawFeedback().Skip(1)
            .Select((matrix, index) => new Parameter($"feedback{index}", ParameterKind.Weights, matrix.Read()))];
        _means = [.. Network.Layers.SkipLast(1).Select(layer => new Matrix(1, layer.Outputs))];
        _errors = [.. Network.Layers.SkipLast(1).Select(layer => new Matrix(MaxBatch, layer.Outputs))];
        _random = setup.Streams.Stream("noise/remembering");
        Noise = [_random];
    }

    public override IReadOnlyList<Parameter> Parameters => _feedback;

    public override IReadOnlyList<FeedbackPath> Feedback
        => [.. _feedback.Select((weights, index) => new FeedbackPath(index + 1, index, weights))];

    public override IReadOnlyList<Matrix> Memory => _means;

    public override IReadOnlyList<RandomStream> Noise { get; }

    public override double EstimateGradients(Batch batch, Gradients gradients, HiddenErrors? hiddenErrors = null)
    {
        var loss = LearnOutputLayer(batch, gradients, out var error);
        for (var index = _errors.Length - 1; index >= 0; index--)
        {
            var (layer, below) = (Network.Layers[index], _errors[index].Top(batch.Count));
            Network.Layers[index + 1].Backward(error, _feedback[index], below);
            gradients[_feedback[index]].SetMeanOuterProduct(error, Pass.InputOf(index + 1));
            Disturb(below.Row(0), _means[index].Row(0));
            Pass.Localize(index, below);
            layer.Gradient(Pass.InputOf(index), below, gradients);
            error = below;
        }

        return loss;
    }

    private void Disturb(Span<float> error, Span<float> mean)
    {
        for (var unit = 0; unit < error.Length; unit++)
        {
            mean[unit] = 0.9f * mean[unit] + 0.1f * error[unit];
            error[unit] += mean[unit] + 0.01f * (float)_random.NextNormal();
        }
    }
}
