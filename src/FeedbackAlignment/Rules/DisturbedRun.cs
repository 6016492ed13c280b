using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>A module in a forward pass whose outputs are disturbed: h + ξ. No error goes back through it.</summary>
/// <param name="source">The module's run, undisturbed.</param>
/// <param name="isKnown">Whether the source has run already, on the same inputs.</param>
/// <param name="noise">maxBatch × outputs: ξ.</param>
/// <param name="outputs">maxBatch × outputs: receives the sum; empty: it goes into the source's own memory.</param>
internal sealed class DisturbedRun(ModuleRun source, bool isKnown, Matrix noise, Matrix outputs) : ModuleRun
{
    /// <inheritdoc/>
    public override void Forward(Matrix input, PassMode mode)
    {
        if (!isKnown)
        {
            source.Forward(input, mode);
        }

        Output = source.Output;
        if (outputs.Rows > 0)
        {
            Output = outputs.Top(input.Rows);
            Output.CopyFrom(source.Output);
        }

        Elementwise.Map(Output, noise.Top(input.Rows), new AddScaled(1));
    }

    /// <inheritdoc/>
    public override Matrix Backward(Matrix error, Walk walk, bool isWanted)
        => throw new InvalidOperationException("no error goes back through a pass that is disturbed");
}
