using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>Feedback weights as parameters: what they have in common whatever they learn from.</summary>
internal static class LearnedFeedback
{
    /// <summary>
    /// Feedback weights out of a layer. Connections that <see cref="FeedbackOptions"/> take away stay away, and so do those whose
    /// counterpart is missing.
    /// </summary>
    /// <param name="setup">Says which feedback connections there are.</param>
    /// <param name="name">What they are drawn by: the name of the layer whose weights they stand for, or of their own.</param>
    /// <param name="shape">What they connect.</param>
    /// <param name="values">The weights to begin with; the parameter's own memory.</param>
    /// <param name="counterpart">Of the weights' shape: &gt; 0 where there is a forward connection to mirror; null: everywhere.</param>
    public static Parameter Of(RuleSetup setup, string name, in FeedbackShape shape, Matrix values, Matrix? counterpart)
        => new($"{name}.feedback", ParameterKind.Weights, values, Present(setup, name, shape, counterpart));

    private static Matrix? Present(RuleSetup setup, string name, in FeedbackShape shape, Matrix? counterpart)
    {
        if (new FeedbackDraw(setup.Feedback, setup.Streams).Present(shape, name) is not { } present)
        {
            return counterpart;
        }

        if (counterpart is { } forward)
        {
            var sameOrder = new Matrix(present.Rows, present.Columns, present.Order);
            sameOrder.CopyFrom(forward);
            Elementwise.Map(present, sameOrder, default(KeepConnected));
        }

        return present;
    }
}
