using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>Whether a pass learns or answers.</summary>
public enum PassMode
{
    /// <summary>A step of learning: statistics of the batch, masks drawn, running statistics move once.</summary>
    Learn,

    /// <summary>An answer: running statistics, no masks. It changes nothing.</summary>
    Answer,
}

/// <summary>One module in one pass: its outputs, and what the way back needs of the way forward.</summary>
public abstract class ModuleRun
{
    /// <summary>batch × outputs: what the latest <see cref="Forward"/> gave. Valid until the next one.</summary>
    public Matrix Output { get; protected set; }

    /// <summary>The streams from which it draws in <see cref="PassMode.Learn"/>; empty for most.</summary>
    public virtual IReadOnlyList<RandomStream> Noise => [];

    /// <summary>Computes <see cref="Output"/>.</summary>
    /// <param name="input">batch × inputs. It stays as it is until the way back is over, and must be left as it is.</param>
    /// <param name="mode">Whether the pass learns or answers.</param>
    public abstract void Forward(Matrix input, PassMode mode);

    /// <summary>
    /// Brings an error from the outputs to the inputs, and gives the module's parameters their gradients. It is the way back of the latest
    /// <see cref="Forward"/>, in its mode: of an answer without masks, and with running statistics as constants.
    /// </summary>
    /// <param name="error">
    /// batch × outputs: each row the derivative of its example's loss; where examples depend on each other, batch × the derivative of the
    /// mean loss. It may be overwritten.
    /// </param>
    /// <param name="walk">Takes the error across weights, and holds the gradients.</param>
    /// <param name="isWanted">Whether somebody needs the error at the inputs; if not, anything may be returned.</param>
    /// <returns>batch × inputs: the error there. It may lie in the memory of <paramref name="error"/>.</returns>
    public abstract Matrix Backward(Matrix error, Walk walk, bool isWanted);

    /// <summary>Forgets the latest input, so that a pass that waits keeps nobody's examples in memory.</summary>
    internal virtual void ReleaseInput()
    {
    }
}
