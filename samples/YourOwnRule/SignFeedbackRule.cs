using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;

namespace YourOwnRule;

/// <summary>An example: feedback alignment through random signs, all of one size.</summary>
/// <param name="setup">Network, loss, batch size, random streams.</param>
internal sealed class SignFeedbackRule(RuleSetup setup) : ErrorFeedbackRule(setup)
{
    private readonly Matrix[] _signs = Signs(setup.DrawFeedback());

    /// <summary>The one line in which rules differ: what the error goes through on its way down.</summary>
    protected override void PropagateError(in Crossing at, Matrix below)
        => at.Layer.Backward(at.Error, through: _signs[at.Index], below);

    private static Matrix[] Signs(Matrix[] feedback)
    {
        foreach (var matrix in feedback)
        {
            for (var row = 0; row < matrix.Rows; row++)
            {
                for (var column = 0; column < matrix.Columns; column++)
                {
                    matrix[row, column] = MathF.CopySign(0.1f, matrix[row, column]);
                }
            }
        }

        return feedback;
    }
}
