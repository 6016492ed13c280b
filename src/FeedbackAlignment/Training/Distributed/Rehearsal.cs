using FeedbackAlignment.Data;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Training;

/// <summary>
/// Lets a rule estimate gradients of one and of two examples before a training in groups begins: to see how much noise an example draws,
/// and that the rule leaves the division to others. So a rule of somebody's own that only says that it splits is found out.
/// </summary>
internal static class Rehearsal
{
    /// <summary>Below this, half a number may be no number of the same digits.</summary>
    private const float Tiny = 1e-30f;

    /// <summary>Where a rule draws its noise. The rule, its network and its streams are afterwards as they were.</summary>
    /// <param name="rule">A rule that says that it splits.</param>
    /// <param name="train">Examples to learn from.</param>
    /// <param name="learned">What the gradients are of.</param>
    /// <exception cref="ArgumentException">The rule does not do what it says.</exception>
    public static NoisePlaces Of(LearningRule rule, DataSet train, IReadOnlyList<Parameter> learned)
    {
        var two = Two(train);
        var one = new Batch(two.Inputs.Top(1), two.Targets.Top(1));
        RandomStream[] streams = [.. rule.AllNoise];
        ulong[] begin = [.. streams.Select(stream => stream.Position)];
        var means = new Gradients(learned, rule.Network.Compute);
        var sums = new PartialSum(learned, rule.Network.Compute);
        var forOne = Drawn(one, means);
        var forTwo = Drawn(two, means);
        _ = Drawn(two, sums.Gradients);
        NoiseDraws[] draws = [.. forOne.Zip(forTwo, (words, twice) => twice == words ? new NoiseDraws(words, OncePerBatch: true)
            : twice == 2 * words ? new NoiseDraws(words, OncePerBatch: false)
            : throw Refusal(rule,
                $"it draws {words} words of noise for one example and {twice} for two, so an example's place does not say which are its own"))];
        for (var i = 0; i < learned.Count; i++)
        {
            if (!AreTwice(sums.Gradients.All[i], means.All[i]))
            {
                throw Refusal(rule, $"it does not divide the gradient of {learned[i].Name} by {nameof(Networks.Gradients)}.{nameof(means.Divisor)}");
            }
        }

        return new NoisePlaces(streams, draws);

        ulong[] Drawn(Batch batch, Gradients gradients)
        {
            rule.EstimateGradients(batch, gradients);
            ulong[] words = [.. streams.Zip(begin, (stream, from) => stream.Position - from)];
            for (var i = 0; i < streams.Length; i++)
            {
                streams[i].Position = begin[i];
            }

            return words;
        }
    }

    /// <summary>Two examples; the only one twice.</summary>
    private static Batch Two(DataSet train)
    {
        var (inputs, targets) = (new Matrix(2, train.Inputs.Columns), new Matrix(2, train.Targets.Columns));
        for (var row = 0; row < 2; row++)
        {
            var example = Math.Min(row, train.Count - 1);
            train.Inputs.Row(example).CopyTo(inputs.Row(row));
            train.Targets.Row(example).CopyTo(targets.Row(row));
        }

        return new Batch(inputs, targets);
    }

    /// <summary>The sum over two examples is twice their mean, to the bit: halving a number loses no digit.</summary>
    private static bool AreTwice(Gradient sum, Gradient mean)
    {
        if (sum.IsPresent != mean.IsPresent)
        {
            return false;
        }

        Matrix sums = sum.Values, means = mean.Values;
        for (var line = 0; line < sums.Lines; line++)
        {
            Span<float> left = sums.Line(line), right = means.Line(line);
            for (var i = 0; i < left.Length; i++)
            {
                // A network that has diverged before it began is another's business.
                if (left[i] != 2 * right[i] && Math.Abs(left[i]) > Tiny && float.IsFinite(left[i]))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static ArgumentException Refusal(LearningRule rule, string why)
        => new($"{nameof(TrainingOptions.Groups)} must be 1 under {rule.Id}: {why}", nameof(rule));
}
