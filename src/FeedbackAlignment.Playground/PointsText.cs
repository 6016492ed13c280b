using System.Globalization;
using FeedbackAlignment.Data;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Playground;

/// <summary>
/// Points of one's own: <c>x,y,class</c>, one a line or with <c>;</c> between them. A first line of words is a header. Every fifth point of
/// a class is for testing.
/// </summary>
internal static class PointsText
{
    public const int Most = 500, Classes = 4;

    private const int EveryForTest = 5;

    /// <exception cref="FormatException">A line is wrong, or there are too few points; the message says which and why.</exception>
    public static DataSplit Parse(string text)
    {
        var points = Read(text);
        if (points.Count < 2 || points.All(point => point.Class == points[0].Class))
        {
            throw new FormatException("points: there must be points of two classes at least; add some");
        }

        var classes = Math.Max(2, points.Max(point => point.Class) + 1);
        var numbers = new int[classes];
        var isTest = points.Select(point => ++numbers[point.Class] % EveryForTest == 0).ToArray();
        var (train, test) = (Part(false), Part(true));

        // With so few the test repeats the training; the page says so.
        return new(Set(train, classes), test: Set(test.Count == 0 ? train : test, classes));

        List<Point> Part(bool wanted) => [.. points.Where((_, index) => isTest[index] == wanted)];
    }

    public static IReadOnlyList<Point> Read(string text)
    {
        var points = new List<Point>();
        var number = 0;
        foreach (var line in text.Split(['\n', ';'], StringSplitOptions.TrimEntries))
        {
            number++;
            if (line.Length == 0 || (points.Count == 0 && number == 1 && line.All(sign => !char.IsAsciiDigit(sign))))
            {
                continue;
            }

            var cells = line.Split([',', '\t'], StringSplitOptions.TrimEntries);
            if (cells.Length != 3)
            {
                throw Wrong("must be x,y,class", line);
            }

            var (x, y) = (Coordinate(cells[0], "x"), Coordinate(cells[1], "y"));
            if (!int.TryParse(cells[2], NumberStyles.None, CultureInfo.InvariantCulture, out var label) || label >= Classes)
            {
                throw Wrong($"the class must be a whole number from 0 to {Classes - 1}", cells[2]);
            }

            points.Add(new(x, y, label));
            if (points.Count > Most)
            {
                throw new FormatException($"points: there are more than {Most}; leave some out");
            }
        }

        return points;

        float Coordinate(string cell, string axis)
            => float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                && Math.Abs(value) <= PlaygroundTask.Reach
                ? value : throw Wrong($"{axis} must be a number from {-PlaygroundTask.Reach} to {PlaygroundTask.Reach}", cell);

        FormatException Wrong(string what, string was)
            => new(string.Create(
                CultureInfo.InvariantCulture, $"points, line {number}: {what}, was \"{Texts.ForeignText.Line(was, 40)}\""));
    }

    private static DataSet Set(List<Point> points, int classes)
    {
        var inputs = new Matrix(points.Count, 2);
        for (var i = 0; i < points.Count; i++)
        {
            (inputs[i, 0], inputs[i, 1]) = (points[i].X, points[i].Y);
        }

        return new DataSet(inputs, [.. points.Select(point => point.Class)], classes);
    }

    internal readonly record struct Point(float X, float Y, int Class);
}
