using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Optimizers;

/// <summary>Memory of an optimizer: a matrix of zeros like each parameter.</summary>
internal static class State
{
    public static Matrix[] For(IEnumerable<Parameter> parameters)
        => [.. parameters.Select(p => new Matrix(p.Rows, p.Columns, p.Order))];
}
