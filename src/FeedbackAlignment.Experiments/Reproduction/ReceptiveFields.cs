using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Reproduction;

/// <summary>The weights into hidden units, looked at as pictures (Fig. S1).</summary>
internal static class ReceptiveFields
{
    private const int Side = 28, Shown = 100, InARow = 10;

    /// <summary>
    /// The first 100 units' weights: gray is 0, white positive, black negative, each picture scaled by its own greatest weight.
    /// </summary>
    /// <param name="weights">units × pixels.</param>
    public static PictureRecord Draw(Matrix weights)
    {
        var pictures = new Matrix(Math.Min(Shown, weights.Rows), weights.Columns);
        for (var unit = 0; unit < pictures.Rows; unit++)
        {
            var most = Enumerable.Range(0, weights.Columns).Max(pixel => Math.Abs(weights[unit, pixel]));
            for (var pixel = 0; pixel < weights.Columns; pixel++)
            {
                pictures[unit, pixel] = 0.5f + 0.5f * weights[unit, pixel] / most;
            }
        }

        var sheet = PictureSheet.Lay(new DataSet(pictures, new Matrix(pictures.Rows, 1)) { Image = new ImageShape(Side, Side) }, InARow, InARow, magnification: 1);
        return new PictureRecord(sheet.Width, sheet.Height, sheet.Pixels);
    }

    /// <summary>
    /// Mean over units of the correlation between a weight and its right and lower neighbors, among the pixels of the inner 20 × 20,
    /// where digits are: 0 for noise, near 1 for smooth fields.
    /// </summary>
    /// <param name="weights">units × pixels.</param>
    public static double Smoothness(Matrix weights)
    {
        const int margin = 4;
        var sum = 0.0;
        for (var unit = 0; unit < weights.Rows; unit++)
        {
            List<(double A, double B)> pairs = [];
            for (var y = margin; y < Side - margin; y++)
            {
                for (var x = margin; x < Side - margin; x++)
                {
                    var here = weights[unit, y * Side + x];
                    pairs.Add((here, weights[unit, y * Side + x + 1]));
                    pairs.Add((here, weights[unit, (y + 1) * Side + x]));
                }
            }

            sum += MathNet.Numerics.Statistics.Correlation.Pearson(pairs.Select(pair => pair.A), pairs.Select(pair => pair.B));
        }

        return sum / weights.Rows;
    }
}
