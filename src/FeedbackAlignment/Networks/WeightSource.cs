using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// The numbers of a weight matrix, wherever they come from: learned (<see cref="Parameter"/>), fixed (<see cref="FixedWeights"/>), drawn
/// when they are needed, taken from the signs of others, or the product of two matrices. A <see cref="LinearMap"/> knows how signals and
/// errors go through such numbers, so a rule only chooses the source.
/// </summary>
public abstract class WeightSource
{
    private protected WeightSource()
    {
    }

    /// <summary>Number of rows: the units that the weights lead to.</summary>
    public abstract int Rows { get; }

    /// <summary>Number of columns: the units that the weights come from.</summary>
    public abstract int Columns { get; }

    /// <summary>
    /// The numbers as they are now, rows × columns. Asking may take time: steps that were put off are taken first, and weights that are
    /// not kept are computed. Ask again after every step. Several threads may ask at once.
    /// </summary>
    public abstract Matrix Read();

    /// <summary>
    /// The numbers that an error goes through now, in a matrix. Where they are not kept, they are written into the room, so that a step takes
    /// no memory.
    /// </summary>
    /// <param name="room">Made when it is first needed; the caller keeps it.</param>
    internal virtual Matrix Current(ref Matrix room) => Read();

    /// <summary>Whether the numbers are drawn anew for every batch.</summary>
    public virtual bool IsRedrawn => false;

    /// <summary>below = error · W: the error on the other side of the weights.</summary>
    /// <param name="error">batch × rows.</param>
    /// <param name="below">batch × columns; receives the result, all of it.</param>
    /// <param name="compute">Does the product.</param>
    internal abstract void MultiplyBack(in Matrix error, in Matrix below, Compute compute);
}
