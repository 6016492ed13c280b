using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Training;

/// <summary>Evaluates a network on sets of examples. Learns nothing from them.</summary>
public sealed class Evaluator
{
    private const int Portion = 256;
    private readonly Loss _loss;
    private readonly ForwardPass _pass;
    private readonly Matrix _error;

    /// <summary>Makes room.</summary>
    /// <param name="network">The network.</param>
    /// <param name="loss">How wrong an answer is.</param>
    public Evaluator(Network network, Loss loss)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        _loss = loss;
        _pass = network.CreatePass(Portion);
        _error = new Matrix(Portion, network.Outputs);
    }

    /// <summary>Evaluates.</summary>
    /// <param name="examples">Examples of the network's widths.</param>
    public Evaluation Evaluate(DataSet examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        double loss = 0, squaredError = 0, squaredTarget = 0;
        var wrong = 0;
        for (var start = 0; start < examples.Count; start += Portion)
        {
            var count = Math.Min(Portion, examples.Count - start);
            var outputs = _pass.Answer(examples.Inputs.Slice(start, count));
            var targets = examples.Targets.Slice(start, count);
            loss += _loss.Evaluate(outputs, targets, _error.Top(count)) * count;
            if (examples.Labels is { } labels)
            {
                wrong += Misclassified(outputs, labels, start);
            }
            else
            {
                _loss.Interpret(outputs);
                squaredError += SquaredDistance(outputs, targets);
                squaredTarget += Reductions.Dot(targets, targets);
            }
        }

        var error = examples.Labels is null ? squaredError / squaredTarget : (double)wrong / examples.Count;
        return new Evaluation(loss / examples.Count, error);
    }

    /// <summary>An answer that is not a number is wrong, and so is a tie for the greatest output.</summary>
    private static int Misclassified(Matrix outputs, IReadOnlyList<int> labels, int start)
    {
        var wrong = 0;
        for (var example = 0; example < outputs.Rows; example++)
        {
            var answer = outputs.Row(example);
            var label = labels[start + example];
            var best = answer[label];
            var right = !float.IsNaN(best);
            for (var i = 0; i < answer.Length && right; i++)
            {
                right = i == label || answer[i] < best;
            }

            wrong += right ? 0 : 1;
        }

        return wrong;
    }

    private static double SquaredDistance(Matrix outputs, Matrix targets)
    {
        var sum = 0.0;
        for (var example = 0; example < outputs.Rows; example++)
        {
            Span<float> output = outputs.Row(example), target = targets.Row(example);
            for (var i = 0; i < output.Length; i++)
            {
                var distance = (double)output[i] - target[i];
                sum += distance * distance;
            }
        }

        return sum;
    }
}
