using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;

namespace YourOwnRule;

/// <summary>An example: feedback alignment through random signs, all of one size.</summary>
/// <param name="setup">Network, loss, batch size, random streams, and the option.</param>
internal sealed class SignFeedbackRule(RuleSetup setup) : ErrorFeedbackRule(setup)
{
    private static readonly RuleOption _size = new("size", 0.1, "The size of all feedback weights.") { Above = 0 };

    private readonly WeightSource[] _signs = [.. setup.DrawFeedback().Select(weights => Signs(weights.Read(), (float)setup.Option(_size)))];

    /// <summary>Its line in a catalog.</summary>
    public static RuleEntry Entry { get; } = new(
        "sign-feedback",
        "sign feedback alignment",
        "The error goes back through random signs, all of one size.",
        "An example, 2026",
        setup => new SignFeedbackRule(setup))
    {
        Options = [_size],
        Notes = new()
        {
            Formula = "eₗ = δₗ₊₁ s sign Bₗ₊₁",
            Route = ErrorRoute.LayerByLayer,
            Operations = "Σ nₗ nₗ₊₁ over the hidden layers, as backpropagation",
            Memory = "Σ nₗ nₗ₊₁ feedback weights",
            Pitfalls = ["The size acts as a learning rate of the hidden layers."],
        },
    };

    /// <summary>Shows the feedback weights to instruments and records.</summary>
    public override IReadOnlyList<FeedbackPath> Feedback => FeedbackPath.LayerByLayer(_signs);

    /// <summary>The one line in which rules differ: what the error goes through on its way down.</summary>
    protected override void PropagateError(in Crossing at, Matrix below)
        => at.Layer.Backward(at.Error, through: _signs[at.Index], below);

    private static FixedWeights Signs(Matrix drawn, float size)
    {
        for (var row = 0; row < drawn.Rows; row++)
        {
            for (var column = 0; column < drawn.Columns; column++)
            {
                drawn[row, column] = MathF.CopySign(size, drawn[row, column]);
            }
        }

        return new FixedWeights(drawn);
    }
}
