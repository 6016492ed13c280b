using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;

namespace YourOwnRule;

/// <summary>An example: feedback alignment through random signs, all of one size.</summary>
/// <param name="setup">Network, loss, batch size, random streams.</param>
internal sealed class SignFeedbackRule(RuleSetup setup) : ErrorFeedbackRule(setup)
{
    private readonly WeightSource[] _signs = [.. setup.DrawFeedback().Select(weights => Signs(weights.Read()))];

    /// <summary>The one line in which rules differ: what the error goes through on its way down.</summary>
    protected override void PropagateError(in Crossing at, Matrix below)
        => at.Layer.Backward(at.Error, through: _signs[at.Index], below);

    private static FixedWeights Signs(Matrix drawn)
    {
        for (var row = 0; row < drawn.Rows; row++)
        {
            for (var column = 0; column < drawn.Columns; column++)
            {
                drawn[row, column] = MathF.CopySign(0.1f, drawn[row, column]);
            }
        }

        return new FixedWeights(drawn);
    }
}
