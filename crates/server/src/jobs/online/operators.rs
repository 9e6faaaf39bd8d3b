//! Who may act: tokens → operators and their scopes.

use crate::answers::online::gateway::Operator as OperatorAnswer;
use crate::data::Data;
use crate::trouble::{Kind, Trouble};
use store::Operator;

pub use store::Scope;

/// The refusal of a request without a known token.
pub fn nobody() -> Trouble {
    let message = (
        "请用操作员令牌登录。令牌由管理员在服务器上用 jingce operator add 名字 --may review,acknowledge --data 文件夹 生成。",
        "sign in with an operator's token. An administrator makes one on the server: jingce operator add NAME --may review,acknowledge --data DIR.",
    );
    Trouble { kind: Kind::Nobody, ..Trouble::bad("no-operator", message.0, message.1) }
}

/// The operator of a token.
pub fn who(data: &Data, token: &str) -> Result<Operator, Trouble> {
    data.store()?.operators().check(token)?.ok_or_else(nobody)
}

/// The operator of a token, if they may do this.
pub fn allowed(data: &Data, token: &str, scope: Scope) -> Result<Operator, Trouble> {
    let operator = who(data, token)?;
    if operator.may(scope) {
        return Ok(operator);
    }
    let (name, scope) = (&operator.name, scope.code());
    Err(Trouble {
        kind: Kind::Forbidden,
        ..Trouble::bad(
            "no-scope",
            format!("操作员 {name} 没有“{scope}”权限。"),
            format!("operator {name} may not do this: the scope `{scope}` is missing."),
        )
    })
}

impl From<Operator> for OperatorAnswer {
    fn from(operator: Operator) -> OperatorAnswer {
        let scopes = operator.scopes.iter().map(|scope| scope.code().to_string()).collect();
        OperatorAnswer { name: operator.name, scopes }
    }
}
