using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Tests.Data;

/// <summary>A folder that is refused.</summary>
/// <param name="Title">What is wrong.</param>
/// <param name="Files">Names and texts.</param>
/// <param name="Spec">What is said of it; null: nothing.</param>
internal sealed record BadFolder(string Title, (string Name, string Text)[] Files, DataSpec? Spec = null);

/// <summary>Data that are refused, each for its own reason; <c>Approved/BadData.txt</c> has the line that the user reads.</summary>
internal static class BadData
{
    private const string Iris = "a,b,label\n1,2,x\n2,3,y\n3,4,x\n4,5,y\n";

    public static readonly IReadOnlyList<BadFolder> All =
    [
        new("regression in training, unlike in test", [("train.csv", "x,y\n0,0.5\n1,1.5\n2,2.5\n"), ("test.csv", "x,y\n0,cat\n")]),
        new("whole amounts", [("train.csv", "size,price\n1,401266\n2,401267\n3,401268\n")], new DataSpec { Target = ["price"] }),
        new("whole numbers that may be classes or amounts", [("train.csv", "x,y\n1,0\n2,1\n3,0\n4,1\n")]),
        new("a target that may be classes or amounts", [("train.csv", "x,target\n1,0\n2,1\n3,0\n4,1\n")]),
        new("one class", [("train.csv", "a,label\n1,0\n2,0\n3,0\n")]),
        new("one class beside a missing one", [("train.csv", "a,label\n1,x\n2,x\n3,\n4,x\n")], new DataSpec { Missing = "drop" }),
        new("one class left when lines are dropped", [("train.csv", "a,label\n1,x\n2,x\n,y\n,y\n4,x\n")], new DataSpec { Missing = "drop" }),
        new("one number to learn", [("train.csv", "a,target\n1,0.5\n2,0.5\n")]),
        new("nothing tells the target", [("train.csv", "a,b,c\n1,2,3\n4,5,6\n")]),
        new("nothing tells the target, without a header", [("train.csv", "5,2,3\n4,5,6\n")]),
        new("two targets by name", [("train.csv", "label,b,class\n1,2,3\n4,5,6\n")]),
        new("y beside x and z", [("train.csv", "x,y,z\n1,2,3\n4,5,6\n")]),
        new("y, or the names behind", [("train.csv", "y,x,kind\n1,2,a\n4,5,a\n4,5,b\n6,5,b\n")]),
        new("as many names as examples", [("train.csv", "a,name\n1,Ann\n2,Bob\n3,Cid\n")]),
        new("as many names of classes as examples", [("train.csv", "a,label\n1,Ann\n2,Bob\n3,Cid\n")]),
        new("a target that is not there", [("train.csv", Iris)], new DataSpec { Target = ["lable"] }),
        new("a target by position where there is a header", [("train.csv", Iris)], new DataSpec { Target = ["3"] }),
        new("the target is ignored", [("train.csv", Iris)], new DataSpec { Target = ["label"], Ignore = ["label"] }),
        new("classes asked for of two targets", [("train.csv", Iris)], new DataSpec { Target = ["a", "b"], Task = "classify" }),
        new("numbers asked for of names", [("train.csv", Iris)], new DataSpec { Task = "regress" }),
        new("a header that counts", [("train.csv", "0,1,2\n5,6,0\n7,8,1\n")]),
        new("a header, or an example with a mistake", [("train.csv", "oops,2,0\n5,6,0\n7,8,1\n")]),
        new("an index with a name", [("train.csv", "id,a,label\n7,1,x\n3,2,y\n5,3,x\n4,4,y\n")]),
        new("an index without a name, shuffled", [("train.csv", ",a,label\n7,1,x\n3,2,y\n5,3,x\n4,4,y\n")]),
        new("an index without a header", [("train.csv", "0,5.5,x\n1,6.5,y\n2,5.5,x\n3,4.5,y\n")]),
        new("a quote that is not closed", [("train.csv", "0,0.1,\"1\"\n1,0.2,\"0\"\n0,0.4,\"1\n1,0.3,\"0\"\n")], new DataSpec { Target = ["3"], Task = "classify" }),
        new("quotes that close elsewhere", [("train.csv", "a,label\n1,x\n2,\"y\n3,x\n4,y\"\n5,x\n6,x\n7,x\n")]),
        new("lines of several lengths", [("train.csv", "a,b,label\n1,2,x\n1,y\n")]),
        new("an empty cell", [("train.csv", "a,b,label\n1,2,x\n,3,y\n4,5,x\n6,7,y\n")]),
        new("NaN", [("train.csv", "a,b,label\n1,2,x\nNaN,3,y\n4,5,x\n6,7,y\n")]),
        new("NaN in the test file", [("train.csv", Iris), ("test.csv", "a,b,label\n1,2,x\n1,NaN,y\n")]),
        new("a missing category, with means asked for", [("train.csv", "c,a,label\nr,2,x\n,3,y\nr,5,x\nr,7,y\n")], new DataSpec { Missing = "mean" }),
        new("a column without values", [("train.csv", "a,b,label\n1,,x\n2,,y\n3,,x\n4,,y\n")]),
        new("a mistake in a number", [("train.csv", "a,b,label\n1,2,x\n2,1o,y\n3,3,x\n4,4,y\n")]),
        new("a mistake in a target", [("train.csv", "a,target\n1,0.5\n2,oops\n3,0.7\n")]),
        new("dates", [("train.csv", "day,a,label\n2026-11-26,2,x\n2026-11-27,3,y\n2026-11-28,3,x\n2026-11-29,4,y\n")]),
        new("texts that are all different", [("train.csv", "note,a,label\n" + string.Concat(Enumerable.Range(0, 25).Select(row => $"note {row},{row},{(row % 2 == 0 ? "x" : "y")}\n")))]),
        new("a class that the training file does not have", [("train.csv", Iris), ("test.csv", "a,b,label\n1,2,z\n")]),
        new("a number that is no class", [("train.csv", "a,label\n1,0\n2,1\n3,0\n4,1\n"), ("test.csv", "a,label\n1,2\n")]),
        new("a category that the training file does not have", [("train.csv", "c,a,label\nr,2,x\ng,3,y\nr,5,x\nr,7,y\n"), ("test.csv", "c,a,label\nb,2,x\n")]),
        new("a number where true or false is due", [("train.csv", "t,a,label\ntrue,2,x\nfalse,3,y\ntrue,5,x\ntrue,7,y\n"), ("test.csv", "t,a,label\n1,2,x\n")]),
        new("true where a number is due", [("train.csv", Iris), ("test.csv", "a,b,label\ntrue,2,x\n")]),
        new("a column is missing in the test file", [("train.csv", Iris), ("test.csv", "a,label\n1,x\n")]),
        new("a column has another name in the test file", [("train.csv", Iris), ("test.csv", "a,B,label\n1,2,x\n")]),
        new("one column more in the test file", [("train.csv", Iris), ("test.csv", "a,b,c,label\n1,2,3,x\n")]),
        new("another width in the test file, without a header", [("train.csv", Iris), ("test.csv", "1,2,3,x\n")]),
        new("two columns of one name", [("train.csv", "a,a,label\n1,2,x\n2,3,y\n")]),
        new("thousands or decimals", [("train.csv", "a;label\n1,234;x\n5,678;y\n2,345;x\n3,456;y\n")]),
        new("thousands or decimals beside a file with commas", [("train.csv", "a;label\n1,5;x\n5,25;y\n2,5;x\n3,5;y\n"), ("test.csv", "a;label\n1.234;x\n")]),
        new("points and commas", [("train.csv", "a;label\n1,5;x\n5.5;y\n2;x\n3;y\n")]),
        new("two separators", [("train.csv", "a,b;c,label\n1,2;3,x\n2,3;1,y\n")]),
        new("no text", [("train.csv", "a,label\n1\0,x\n")]),
        new("no examples", [("train.csv", "a,label\n")]),
        new("an empty file", [("train.csv", "")]),
        new("a group that is missing", [("train.csv", "p,a,label\n1,1,x\n,2,y\n2,3,x\n2,4,y\n")], new DataSpec { Group = "p" }),
        new("one group", [("train.csv", "p,a,label\n1,1,x\n1,2,y\n1,3,x\n1,4,y\n")], new DataSpec { Group = "p" }),
        new("a group that is the target", [("train.csv", Iris)], new DataSpec { Group = "label", Target = ["label"] }),
        new("more held back than there is", [("train.csv", Iris)], new DataSpec { Test = 4 }),
        new("two training files", [("train.csv", Iris), ("train.tsv", Iris)]),
        new("several files, none for training", [("one.csv", Iris), ("two.csv", Iris)]),
        new("no data", [("readme.md", "hello")]),
        new("Parquet", [("train.parquet", "PAR1")]),
        new("a spreadsheet", [("train.xlsx", "PK")]),
        new("an archive of NumPy", [("train.npz", "PK")]),
    ];
}
