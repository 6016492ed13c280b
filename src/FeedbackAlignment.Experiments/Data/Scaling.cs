using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>Brings inputs to another scale.</summary>
internal static class Scaling
{
    /// <summary>Multiplies every element by a factor, in place.</summary>
    public static void Multiply(Matrix inputs, float factor)
    {
        for (var example = 0; example < inputs.Rows; example++)
        {
            var row = inputs.Row(example);
            for (var number = 0; number < row.Length; number++)
            {
                row[number] *= factor;
            }
        }
    }
}
