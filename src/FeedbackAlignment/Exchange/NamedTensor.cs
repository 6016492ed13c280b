using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Exchange;

/// <summary>An array of numbers with a name, as exchange formats have them.</summary>
/// <param name="Name">What it is called, e.g. <c>hidden1.weights</c>.</param>
/// <param name="Shape">Its dimensions, each ≥ 1; none for a single number.</param>
/// <param name="Values">
/// Its numbers. Two dimensions are rows × columns; one is a matrix of one row; of more the first counts the rows, and the others lie in
/// the row.
/// </param>
public sealed record NamedTensor(string Name, IReadOnlyList<int> Shape, Matrix Values)
{
    /// <summary>A tensor of two dimensions.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="values">rows × columns.</param>
    public static NamedTensor Matrix(string name, Matrix values) => new(name, [values.Rows, values.Columns], values);

    /// <summary>A tensor of one dimension.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="values">1 × numbers.</param>
    /// <exception cref="ArgumentException">There is not one row.</exception>
    public static NamedTensor Vector(string name, Matrix values)
    {
        values.RequireShape(1, values.Columns, nameof(values));
        return new(name, [values.Columns], values);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} [{string.Join(", ", Shape)}]";
}
